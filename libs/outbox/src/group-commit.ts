import { classifyError } from '@millrace/messaging';

/** Bounds of a group commit. */
export interface GroupCommitOptions {
  /** Items that are written together at most. @default 64 */
  readonly groupItems?: number;
  /** Groups that are written at the same time at most. @default 2 */
  readonly groupsInFlight?: number;
  /** Items that wait at most; one more is refused. @default 2,000 */
  readonly waitingItems?: number;
}

/** Too many items wait to be written: nothing was done with this one, it may be tried again. */
export class GroupCommitFullError extends Error {
  readonly code = 'GROUP_COMMIT_FULL';
  override readonly name = 'GroupCommitFullError';

  constructor(waiting: number) {
    super(`${waiting} items wait to be written; try again in a moment`);
  }
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Writes items that arrive together in one transaction, as databases do with their own log: while as many groups as
 * may be are on their way, the next one gathers, so that groups grow with the load and a lonely item waits for nobody.
 * An item is answered once its group is committed. A group that fails runs again in halves until the item at fault
 * stands alone; when the database itself is away, or others were in the way, all of the group fail alike.
 */
export class GroupCommit<Item, Result> {
  private readonly queue: Waiting<Item, Result>[] = [];
  private readonly groupItems: number;
  private readonly groupsInFlight: number;
  private readonly waitingItems: number;
  private inFlight = 0;
  private scheduled = false;

  /** `write` commits a group and resolves with one result per item, in their order. */
  constructor(
    private readonly write: (items: readonly Item[]) => Promise<readonly Result[]>,
    { groupItems = 64, groupsInFlight = 2, waitingItems = 2_000 }: GroupCommitOptions = {},
  ) {
    this.groupItems = groupItems;
    this.groupsInFlight = groupsInFlight;
    this.waitingItems = waitingItems;
  }

  /**
   * Resolves with the item's result once it is committed; rejects with what its writing threw, or with
   * `GroupCommitFullError`. A signal that aborts takes an item back that still waits, and rejects with its reason;
   * one that is being written is not touched, nor are its neighbours.
   */
  submit(item: Item, signal?: AbortSignal): Promise<Result> {
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    if (this.queue.length >= this.waitingItems) {
      return Promise.reject(new GroupCommitFullError(this.queue.length));
    }
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    const waiting = { item, resolve, reject };
    this.queue.push(waiting);
    this.schedule();
    if (!signal) return promise;
    const takeBack = () => {
      const place = this.queue.indexOf(waiting);
      if (place < 0) return;
      this.queue.splice(place, 1);
      reject(signal.reason);
    };
    signal.addEventListener('abort', takeBack, { once: true });
    return promise.finally(() => signal.removeEventListener('abort', takeBack));
  }

  /** What has arrived in this turn of the event loop goes together. */
  private schedule(): void {
    if (this.scheduled || this.inFlight >= this.groupsInFlight || this.queue.length === 0) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      void this.writeNext();
    });
  }

  private async writeNext(): Promise<void> {
    const group = this.queue.splice(0, this.groupItems);
    if (group.length === 0) return;
    this.inFlight += 1;
    this.schedule();
    await this.commit(group);
    this.inFlight -= 1;
    this.schedule();
  }

  private async commit(group: readonly Waiting<Item, Result>[]): Promise<void> {
    let results: readonly Result[];
    try {
      results = await this.write(group.map(({ item }) => item));
    } catch (error) {
      return this.commitHalves(group, error);
    }
    group.forEach(({ resolve }, index) => resolve(results[index] as Result));
  }

  private async commitHalves(group: readonly Waiting<Item, Result>[], error: unknown): Promise<void> {
    const kind = classifyError(error);
    if (group.length === 1 || kind === 'infrastructure' || kind === 'conflict') {
      group.forEach(({ reject }) => reject(error));
      return;
    }
    const middle = Math.ceil(group.length / 2);
    await this.commit(group.slice(0, middle));
    await this.commit(group.slice(middle));
  }
}
