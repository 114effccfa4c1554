import type { ClientBase } from 'pg';
import { readCaptureRecord } from '../store/capture-record-store.js';
import type { KeeperDatabase } from '../store/keeper-database.js';
import { actAs } from '../store/partition-store.js';
import { inTransaction } from '../store/transaction.js';
import type { Buckets } from './event-buckets.js';
import type { EventTable, ReconciledGroup } from './reconciled-groups.js';
import { inboxBuckets, inboxIds } from './store/inbox-event-store.js';
import {
  idsInOutbox,
  outboxBuckets,
  outboxEvents,
  type IdRange,
  type OutboxBucket,
  type OutboxEvent,
} from './store/outbox-event-store.js';

/** What the reconciler reads from the database: outboxes and inboxes, each as the owner of its schema. */
export class EventLedger {
  constructor(
    private readonly database: KeeperDatabase,
    private readonly slot: string,
    private readonly outboxes: readonly EventTable[],
  ) {}

  /** Every outbox row with an earlier `occurred_at` (milliseconds since the epoch) is on the log; undefined before capture is set up. */
  async publishedBefore(): Promise<number | undefined> {
    const record = await this.database.use((client) => readCaptureRecord(client, this.slot));
    return record?.publishedBefore;
  }

  /** All outboxes by bucket and topic. */
  outboxBuckets(range: IdRange): Promise<readonly OutboxBucket[]> {
    return this.#inOutboxes((client, schema) => outboxBuckets(client, schema, range));
  }

  /** Events of these topics in all outboxes. */
  outboxEvents(topics: readonly string[], range: IdRange): Promise<readonly OutboxEvent[]> {
    return this.#inOutboxes((client, schema) => outboxEvents(client, schema, topics, range));
  }

  /** Those of the ids that any outbox holds. */
  idsInOutboxes(ids: readonly string[]): Promise<readonly string[]> {
    return this.#inOutboxes((client, schema) => idsInOutbox(client, schema, ids));
  }

  /** What took effect in a group, by bucket. */
  inboxBuckets({ group, inbox }: ReconciledGroup, range: IdRange): Promise<Buckets> {
    return this.#as(inbox, (client) => inboxBuckets(client, inbox.schema, group, range));
  }

  /** Ids of what took effect in a group. */
  inboxIds({ group, inbox }: ReconciledGroup, range: IdRange): Promise<readonly string[]> {
    return this.#as(inbox, (client) => inboxIds(client, inbox.schema, group, range));
  }

  async #inOutboxes<Found>(
    read: (client: ClientBase, schema: string) => Promise<readonly Found[]>,
  ): Promise<readonly Found[]> {
    const found: Found[] = [];
    for (const outbox of this.outboxes)
      found.push(...(await this.#as(outbox, (client) => read(client, outbox.schema))));
    return found;
  }

  #as<Result>({ owner }: EventTable, read: (client: ClientBase) => Promise<Result>): Promise<Result> {
    return this.database.use((client) =>
      inTransaction(client, async () => {
        await actAs(client, owner);
        return read(client);
      }),
    );
  }
}
