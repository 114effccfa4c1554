import { countAttempts } from '@millrace/telemetry';
import { observe } from '../api/observation-points.js';
import { assertOwned } from '../failure/abandoned.error.js';
import { blameOf, BLAMELESS_CONFLICTS, BLAMELESS_HOLDS } from '../failure/error-classifier.js';
import type { FailurePath, Leaving } from '../failure/failure-path.js';
import type { BlockedKey, DeathReason } from '../ports/failure.js';
import type { ParkedRecord, ParkedRun } from '../ports/parking.js';
import type { Transaction } from '../ports/transaction.js';
import { pauseAfter } from '../record/backoff.js';
import type { ConsumerEnvironment } from '../runtime/consumer-environment.js';
import { HandlerRun } from '../record/handler-run.js';
import { noteContracts } from '../observe/contract-sight.js';
import { spanOf } from '../observe/process-spans.js';
import { staysDead } from './parking.js';
import type { RecordDecoder } from '../record/record-decoder.js';
import type { RunControl } from '../record/run-control.js';
import type { EventItem, IdentifiedItem, Origin, PoisonItem } from '../record/work-item.js';

const CONFLICT_PAUSE_MS = 20;

/** What one transaction over the head of a key found and did. */
type Driven =
  | { readonly what: 'away' | 'ended' | 'blocked' }
  | { readonly what: 'done'; readonly eventIds: readonly string[]; readonly free: boolean }
  | { readonly what: 'drain'; readonly head: ParkedRun }
  | { readonly what: 'poison'; readonly head: ParkedRun; readonly item: PoisonItem }
  | { readonly what: 'interrupted'; readonly head: ParkedRun; readonly item: IdentifiedItem };

class HeadFailedError extends Error {
  constructor(
    readonly thrown: unknown,
    readonly head: ParkedRun,
    readonly items: readonly EventItem[],
  ) {
    super('the head of a parked key failed');
  }
}

/**
 * The life of a blocked key; only the lane of its key drives it, and only here a key becomes free.
 *
 *   WAITING, head not due → stays as it is: it may have been listed as due while it was being driven
 *   WAITING, head due → head runs: effect, inbox row and delete of the parked row are one transaction
 *     done, records left  → the next record is the head, due at once
 *     done, nothing left  → FREE
 *     RetryableError      → WAITING again: local pauses first, then the retry plan; then the head dies (EXHAUSTED)
 *     FatalError, or it can no longer be read → the head dies
 *     infrastructure      → HOLD, no attempt is spent
 *   the head dies → `skip`: the next record is the head | `block`: DEAD until released, discarded or re-armed by a
 *                   replay | `drain`: the followers die behind it (FOLLOWER), in order, then FREE
 */
export class ParkedDriver {
  constructor(
    private readonly environment: ConsumerEnvironment,
    private readonly decoder: RecordDecoder,
    private readonly failures: FailurePath,
  ) {}

  /** Drives a key once; true when it has more to do at once. */
  async drive(key: BlockedKey, control: RunControl): Promise<boolean> {
    const { options } = this.environment;
    let limit = options.batchRecords;
    let holds = 0;
    let conflicts = 0;
    for (;;) {
      assertOwned(control.signal);
      try {
        return await this.after(await this.once(key, limit), key, control);
      } catch (error) {
        const failed = error instanceof HeadFailedError ? error : undefined;
        const kind = await blameOf(failed ? failed.thrown : error, this.environment.store);
        if (kind === 'conflict' && ++conflicts < BLAMELESS_CONFLICTS) {
          await this.environment.clock.sleep(CONFLICT_PAUSE_MS * conflicts, control.signal);
        } else if (kind === 'infrastructure' && (!failed || ++holds < BLAMELESS_HOLDS)) {
          await this.environment.gate.hold(error, () => this.environment.store.probe());
        } else if (!failed) {
          throw error;
        } else if (failed.items.length > 1) {
          limit = 1;
        } else {
          return this.failedAlone(failed, key, kind === 'fatal', control);
        }
      }
    }
  }

  /** Tries a head once, as the probe of a hold: spends no attempt and lets nobody die; rejects when it fails. */
  async probe(key: BlockedKey, control: RunControl): Promise<void> {
    assertOwned(control.signal);
    const driven = await this.once(key, 1, Number.POSITIVE_INFINITY);
    if (driven.what === 'done') await this.after(driven, key, control);
  }

  /** One transaction over the head of a key, which runs only if it is due at that time. */
  private async once(key: BlockedKey, limit: number, at = this.environment.clock.now()): Promise<Driven> {
    const { store, options } = this.environment;
    const run = new HandlerRun(this.environment);
    let running: readonly [ParkedRun, readonly EventItem[]] | undefined;
    const work = async (tx: Transaction): Promise<Driven> => {
      const head = await store.lockParked(tx, options.group, key, limit);
      if (!head) return { what: 'away' };
      const [first] = head.records;
      if (!first) return { what: 'ended' };
      const item = this.identify(first, head);
      if (head.failure && !head.failure.acknowledged) return { what: 'interrupted', head, item };
      if (head.state === 'dead')
        return options.deadHead === 'drain' ? { what: 'drain', head } : { what: 'blocked' };
      if (head.notBefore > at) return { what: 'blocked' };
      if (item.kind === 'poison') return { what: 'poison', head, item };
      const items = this.runnable(head);
      running = [head, items];
      return this.run(head, items, tx, run);
    };
    const driven = await store.transaction(work, run.signal).catch((thrown: unknown) => {
      // Also when the handlers never end, or COMMIT itself fails, the head is what failed.
      throw running ? new HeadFailedError(thrown, ...running) : thrown;
    });
    if (driven.what === 'done') observe('head.committed', options.group, () => driven.eventIds);
    return driven;
  }

  /** What is to run now: the head, alone while it is being retried, otherwise with the followers that can be read. */
  private runnable(head: ParkedRun): readonly EventItem[] {
    const items: EventItem[] = [];
    for (const record of head.attempt > 0 || head.replay ? head.records.slice(0, 1) : head.records) {
      const item = this.identify(record, head);
      if (item.kind !== 'event') break;
      items.push(item);
    }
    return items;
  }

  private async run(
    head: ParkedRun,
    items: readonly EventItem[],
    tx: Transaction,
    run: HandlerRun,
  ): Promise<Driven> {
    const { store, options, clock } = this.environment;
    const records = head.records.slice(0, items.length);
    const { free } = await store.takeParked(tx, options.group, head, records, clock.now());
    await run.handle(items, tx);
    const eventIds = items.map(({ eventId }) => eventId);
    observe('head.handled', options.group, () => eventIds);
    items.forEach((item) => item.span?.end());
    return { what: 'done', eventIds, free };
  }

  private async after(driven: Driven, key: BlockedKey, control: RunControl): Promise<boolean> {
    switch (driven.what) {
      case 'away':
        if (!(await this.isKnown(key, control))) control.blocked.delete(key.key);
        return false;
      case 'ended':
        control.blocked.delete(key.key);
        return false;
      case 'blocked':
        return false;
      case 'done':
        this.count(key, 'done', driven.eventIds.length);
        if (driven.free) control.blocked.delete(key.key);
        return !driven.free;
      case 'poison':
        noteContracts(this.environment.options.group, [driven.item]);
        await this.die(driven.head, driven.item, driven.item.reason, driven.item.error, control);
        return true;
      case 'interrupted':
        await this.complete(driven.head, driven.item, control);
        return true;
      case 'drain':
        return this.drain(driven.head, key, control);
    }
  }

  private async failedAlone(
    { head, items, thrown }: HeadFailedError,
    key: BlockedKey,
    fatal: boolean,
    control: RunControl,
  ): Promise<boolean> {
    const { options, clock, store } = this.environment;
    const [item] = items;
    if (!item) return false;
    const attempt = head.attempt + 1;
    const wait = fatal || head.replay ? undefined : pauseAfter(attempt, options);
    if (wait === undefined) {
      await this.die(head, item, fatal ? 'FATAL' : 'EXHAUSTED', thrown, control);
      return true;
    }
    const firstFailureAt = head.firstFailureAt ?? clock.now();
    const until = { attempt, notBefore: clock.now() + wait, firstFailureAt };
    await this.failures.untilDone(control.signal, () => store.postponeHead(options.group, key, until));
    this.count(key, 'retry', 1);
    item.span?.end(thrown);
    return false;
  }

  private async die(
    head: ParkedRun,
    item: IdentifiedItem,
    reason: DeathReason,
    error: unknown,
    control: RunControl,
  ): Promise<void> {
    const leaving = this.leaving(head, item, head.attempt + 1);
    const place = this.placeOf(item, head, staysDead(item, reason, this.environment.options));
    await this.failures.kill(leaving, reason, error, control.signal, { head: place });
    leaving.span.end(error);
    this.count(head, 'dead', 1);
  }

  private async complete(head: ParkedRun, item: IdentifiedItem, control: RunControl): Promise<void> {
    if (!head.failure) return;
    const stays = staysDead(item, head.failure.reason, this.environment.options);
    const leaving = this.leaving(head, item, head.failure.attempt);
    await this.failures.complete(leaving, head.failure, control.signal, this.placeOf(item, head, stays));
    leaving.span.end();
  }

  /** The followers of a dead head die behind it, lowest first; the head goes last and frees its key. */
  private async drain(head: ParkedRun, key: BlockedKey, control: RunControl): Promise<boolean> {
    const { store, options, clock } = this.environment;
    const [dead, ...followers] = head.records.map((record) => this.identify(record, head));
    const behind = new Error('an event before it, of the same key, is dead');
    behind.name = 'FollowsDeadEvent';
    for (const item of followers) await this.die(head, item, 'FOLLOWER', behind, control);
    if (followers.length > 0 || !dead) return true;
    await this.failures.untilDone(control.signal, () =>
      store.endBlock(options.group, key.key, 'release', clock.now(), key.topic),
    );
    return true;
  }

  private async isKnown({ topic, partition, key }: BlockedKey, control: RunControl): Promise<boolean> {
    const { store, options } = this.environment;
    const known = await this.failures.untilDone(control.signal, () =>
      store.blockedKeys(options.group, topic, partition),
    );
    return known.some((one) => one.key.equals(key));
  }

  private identify({ record, receivedAt, eventId }: ParkedRecord, head: ParkedRun): IdentifiedItem {
    const { attempt, firstFailureAt, replay } = head;
    const origin: Origin = {
      kind: 'parked',
      attempt,
      ...(firstFailureAt === undefined ? {} : { firstFailureAt }),
      ...(replay === undefined ? {} : { replay }),
    };
    const item = this.decoder.decode({ record, source: record, origin, receivedAt });
    if (item.kind !== 'ignored') return item;
    // Its handler is gone since it was parked: it can no longer be read as an event of this consumer.
    const error = new Error('no handler of this consumer reads this type any more');
    return { ...item, kind: 'poison', eventId, type: record.topic, reason: 'CONTRACT', error };
  }

  private placeOf(item: IdentifiedItem, { topic, partition, key }: ParkedRun, stays: boolean) {
    return { topic, partition, key, offset: item.source.offset, stays };
  }

  private leaving(head: ParkedRun, item: IdentifiedItem, attempt: number): Leaving {
    const { options, clock } = this.environment;
    const firstFailureAt = head.firstFailureAt ?? clock.now();
    const span = spanOf(item, options);
    span.keep();
    return { item, attempt, firstFailureAt, span };
  }

  private count({ topic }: BlockedKey, outcome: 'done' | 'retry' | 'dead', records: number): void {
    countAttempts({ group: this.environment.options.group, topic }, outcome, records);
  }
}
