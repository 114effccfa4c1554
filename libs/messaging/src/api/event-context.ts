import { BaseRpcContext } from '@nestjs/microservices';
import type { Transaction } from '../ports/transaction.js';

/** What a handler gets beside its events: the transaction that its effect must be part of. */
export class EventContext extends BaseRpcContext<[Transaction, string]> {
  constructor(
    /** The batch's transaction; inbox rows and offsets are the runtime's business. */
    readonly tx: Transaction,
    /** Consumer group that the handler runs for. */
    readonly group: string,
  ) {
    super([tx, group]);
  }
}
