import { v5 } from 'uuid';

const NAMESPACE = '6f0d3a52-41f5-5f4c-9f0e-3c1f1a7f5a10';

/** What makes a notification the same one. */
export interface NotificationIdentity {
  readonly eventId: string;
  readonly workflow: string;
  readonly recipient: string;
  readonly channel: string;
}

/** The ledger's key: a uuidv5 of event, workflow, recipient and channel, so that a repetition meets its own row. */
export function notificationId({ eventId, workflow, recipient, channel }: NotificationIdentity): string {
  return v5(JSON.stringify([eventId.toLowerCase(), workflow, recipient, channel]), NAMESPACE);
}
