import { BaseRpcContext } from '@nestjs/microservices';
import type { Transaction } from '../ports/transaction.js';

/** What a handler gets beside its events: above all the transaction that its effect must be part of. */
export class EventContext extends BaseRpcContext<[Transaction, string]> {
  constructor(
    /** The batch's transaction; inbox rows and offsets are the runtime's business. */
    readonly tx: Transaction,
    /** Consumer group that the handler runs for. */
    readonly group: string,
    /** Aborts when the handler has used up its time; its transaction is lost then. */
    readonly signal: AbortSignal = new AbortController().signal,
    /** False on a replay, unless it was asked for: then nothing may leave the system (mails, webhooks). */
    readonly outsideEffects: boolean = true,
  ) {
    super([tx, group]);
  }
}
