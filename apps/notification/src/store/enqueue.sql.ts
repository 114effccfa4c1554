import type { Transaction } from '@millrace/messaging';
import type { Draft } from '../domain/order-confirmation.js';
import { notificationId } from './notification-id.js';

/** A notification to be written down, with what caused it. */
export interface NewNotification extends Draft {
  readonly eventId: string;
  readonly orderId: string;
}

const ENQUEUE = `
  INSERT INTO notification (id, event_id, order_id, workflow, channel, recipient, locale, template_version,
                            subject, body, last_error, state)
  SELECT *, CASE WHEN last_error IS NOT NULL THEN 'failed' WHEN $12 THEN 'queued' ELSE 'suppressed' END
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::integer[],
                $9::text[], $10::text[], $11::text[])
         AS given (id, event_id, order_id, workflow, channel, recipient, locale, template_version,
                   subject, body, last_error)
   ORDER BY id
      ON CONFLICT (id) DO NOTHING`;

/**
 * Writes notifications into the ledger in one statement, to be sent or, on a replay, as suppressed; those that are
 * there already stay as they are.
 */
export function enqueue(tx: Transaction, notifications: readonly NewNotification[], send = true): void {
  const column = <Value>(pick: (notification: NewNotification) => Value) => notifications.map(pick);
  tx.write(ENQUEUE, [
    column(notificationId),
    column(({ eventId }) => eventId),
    column(({ orderId }) => orderId),
    column(({ workflow }) => workflow),
    column(({ channel }) => channel),
    column(({ recipient }) => recipient),
    column(({ locale }) => locale),
    column(({ templateVersion }) => templateVersion),
    column(({ subject }) => subject),
    column(({ body }) => body),
    column(({ undeliverable }) => undeliverable ?? null),
    send,
  ]);
}
