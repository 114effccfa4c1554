import type { ReceivedEvent, Transaction } from '@millrace/messaging';
import { PostgresConsumerStore } from '@millrace/persistence';
import type { DrainWatch } from './drain-watch.js';

/** The store of the runtime, unchanged but for telling a watch which effects became durable. */
export class WatchedStore extends PostgresConsumerStore {
  private readonly handled = new WeakMap<Transaction, readonly ReceivedEvent[]>();

  constructor(
    dataSource: ConstructorParameters<typeof PostgresConsumerStore>[0],
    private readonly watch: DrainWatch,
  ) {
    super(dataSource);
  }

  /** A handler has worked on these events within that transaction. */
  note(tx: Transaction, events: readonly ReceivedEvent[]): void {
    this.handled.set(tx, events);
  }

  override async transaction<Result>(
    work: (tx: Transaction) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    let events: readonly ReceivedEvent[] | undefined;
    const result = await super.transaction(async (tx) => {
      const answer = await work(tx);
      events = this.handled.get(tx);
      return answer;
    }, signal);
    if (events?.[0]) this.watch.committed(events[0].partition, events.length);
    return result;
  }
}
