import type { DeliveryFailure } from '../domain/delivery.js';

/** A mail to one recipient, plain text. */
export interface OutgoingMail {
  /** Id that stays the same when the mail is sent again; receivers can tell a repetition by it. */
  readonly id: string;
  /** One mail address. */
  readonly recipient: string;
  readonly subject: string;
  readonly body: string;
}

/** An attempt to send that did not succeed; the message holds no address and no text of the mail. */
export class DeliveryError extends Error {
  readonly code = 'DELIVERY';
  override readonly name = 'DeliveryError';

  constructor(
    readonly failure: DeliveryFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A way to send mails. */
export abstract class MailTransport {
  /** Resolves when the next server has taken responsibility; rejects with `DeliveryError`, within the deadline. */
  abstract send(mail: OutgoingMail, deadlineMs: number): Promise<void>;

  /** Closes idle connections; nothing is being sent any more. */
  abstract close(): void;
}
