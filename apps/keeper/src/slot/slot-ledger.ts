import {
  changeCaptureState,
  noteProgress,
  readCaptureRecord,
  type CaptureRecord,
} from '../store/capture-record-store.js';
import type { KeeperDatabase } from '../store/keeper-database.js';
import { readSlot, type Slot } from '../store/slot-store.js';
import { inTransaction } from '../store/transaction.js';
import { oldestSince, takeWalMark } from '../store/wal-mark-store.js';
import type { WalMark } from './wal-marks.js';

/** An outbox whose rows the slot gives away. */
export interface WatchedOutbox {
  readonly schema: string;
  readonly owner: string;
}

/** What one look at the database shows. */
export interface SlotSight {
  /** Taken before the slot is read, so that a slot beyond it has passed it. */
  readonly mark: WalMark | undefined;
  readonly slot: Slot | undefined;
  readonly record: CaptureRecord | undefined;
}

/** What the slot keeper reads from the database and writes down there. */
export class SlotLedger {
  constructor(
    private readonly database: KeeperDatabase,
    private readonly slot: string,
    private readonly outboxes: readonly WatchedOutbox[],
  ) {}

  /** Looks at slot, note and WAL. */
  sight(): Promise<SlotSight> {
    return this.database.use(async (client) => {
      // the note first: a recovery that begins or ends meanwhile is then taken for one that is under way
      const record = await readCaptureRecord(client, this.slot);
      const mark = await takeWalMark(client);
      return { record, mark, slot: await readSlot(client, this.slot) };
    });
  }

  /** Age in seconds of the oldest row written since that instant, by schema. */
  oldest(sinceMs: number): Promise<ReadonlyMap<string, number>> {
    return this.database.use(async (client) => {
      const ages = new Map<string, number>();
      for (const outbox of this.outboxes) {
        const age = await inTransaction(client, () => oldestSince(client, outbox, sinceMs));
        ages.set(outbox.schema, age);
      }
      return ages;
    });
  }

  /** Notes how far the slot is proven and what is published. */
  async note(progress: Pick<CaptureRecord, 'provenLsn' | 'publishedBefore'>): Promise<void> {
    await this.database.use((client) => noteProgress(client, this.slot, progress));
  }

  /** Notes that nothing may run until somebody recovers; false when that is noted already. */
  halt(reason: string): Promise<boolean> {
    return this.database.use((client) =>
      changeCaptureState(client, this.slot, ['trusted', 'recovered'], ['halted', reason]),
    );
  }

  /** Notes that a recovery is over and the connector runs again. */
  async settle(): Promise<void> {
    await this.database.use((client) => changeCaptureState(client, this.slot, ['recovered'], ['trusted']));
  }
}
