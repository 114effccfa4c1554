import { countDuplicates, drawBatch, type ProcessSpan } from '@millrace/telemetry';
import { observe } from '../api/observation-points.js';
import { notePhasesWithin } from '../observe/batch-phases.js';
import type { KnownFailure } from '../ports/failure.js';
import type { Claim, TakenOver } from '../ports/inbox.js';
import type { Transaction } from '../ports/transaction.js';
import type { ConsumerEnvironment } from '../runtime/consumer-environment.js';
import { HandlerRun } from './handler-run.js';
import type { EventItem } from './work-item.js';

/** What a committed batch transaction did with its records. */
export interface BatchOutcome {
  /** Records whose effect is now durable. */
  readonly done: readonly EventItem[];
  /** Records that had taken effect before, are dead, or wait elsewhere for their next attempt. */
  readonly skipped: readonly EventItem[];
  /** Records that somebody else has parked: their keys are blocked. */
  readonly parked: readonly EventItem[];
  /** Records whose way out of the happy path a crash interrupted. */
  readonly interrupted: readonly { readonly item: EventItem; readonly failure: KnownFailure }[];
}

/**
 * One batch, one transaction: the inbox statement claims every event, the handlers get only the fresh ones, and
 * all of it commits together.
 */
export class BatchTransaction {
  constructor(private readonly environment: ConsumerEnvironment) {}

  /**
   * Runs the records, in their order; rejects with the error that rolled everything back. The handlers have
   * `handlerTimeoutMs`, or less when that is given.
   */
  async run(items: readonly EventItem[], withinMs = Infinity): Promise<BatchOutcome> {
    const { store, options, clock } = this.environment;
    const run = new HandlerRun(this.environment, Math.min(withinMs, options.handlerTimeoutMs));
    const ids = () => items.map(({ eventId }) => eventId);
    const startedAt = clock.now();
    let handledMs = 0;
    const work = async (tx: Transaction): Promise<BatchOutcome> => {
      const sorted = sort(items, await this.claim(tx, items));
      observe('batch.claimed', options.group, ids);
      // Records behind a key that somebody else has parked must not run: they are told apart before the next try.
      const handlingAt = clock.now();
      if (sorted.parked.length === 0) await run.handle(sorted.done, tx);
      else if (sorted.done.length > 0) throw new KeysBlockedError(sorted.parked);
      handledMs = clock.now() - handlingAt;
      observe('batch.handled', options.group, ids);
      return sorted;
    };
    try {
      const outcome = await store.transaction(work, run.signal);
      observe('batch.committed', options.group, ids);
      notePhasesWithin(options.group, handledMs, clock.now() - startedAt);
      this.draw(items, startedAt);
      return outcome;
    } catch (error) {
      this.draw(items, startedAt, error);
      throw error;
    }
  }

  private draw(items: readonly EventItem[], startedAt: number, error?: unknown): void {
    const records = items.flatMap(({ span }): ProcessSpan[] => (span ? [span] : []));
    const topic = items[0]?.source.topic ?? '';
    drawBatch({ topic, group: this.environment.options.group, records, startedAt }, error);
  }

  /** All records of a batch come from one topic, so they have one kind of origin. */
  private claim(tx: Transaction, items: readonly EventItem[]): Promise<readonly Claim[]> {
    const { store, options, clock } = this.environment;
    if (items[0]?.origin.kind === 'source') return store.claim(tx, options.group, items, clock.now());
    const entries = items.flatMap(({ eventId, receivedAt, origin }): TakenOver[] => {
      if (origin.kind === 'retry') return [{ eventId, receivedAt, by: { attempt: origin.attempt } }];
      return origin.kind === 'replay' ? [{ eventId, receivedAt, by: { replayId: origin.replayId } }] : [];
    });
    return store.takeOver(tx, options.group, entries, clock.now());
  }
}

/** Events of a batch turned out to be parked by another owner: the batch is rolled back and their keys are blocked. */
export class KeysBlockedError extends Error {
  readonly code = 'KEYS_BLOCKED';
  override readonly name = 'KeysBlockedError';

  constructor(readonly items: readonly EventItem[]) {
    super('events of this batch are parked');
  }
}

/** Counts what the inbox kept from taking effect twice. */
export function countSkipped(group: string, items: readonly EventItem[]): void {
  const topic = items[0]?.source.topic;
  if (topic) countDuplicates({ group, topic }, items.length);
}

function sort(items: readonly EventItem[], claims: readonly Claim[]): BatchOutcome {
  const byId = new Map(claims.map((claim) => [claim.eventId, claim]));
  const done: EventItem[] = [];
  const skipped: EventItem[] = [];
  const parked: EventItem[] = [];
  const interrupted: { item: EventItem; failure: KnownFailure }[] = [];
  for (const item of items) {
    const claim = byId.get(item.eventId);
    // A second record of the same event within a batch finds nothing: the first one has what there is to have.
    byId.delete(item.eventId);
    if (claim?.standing === 'fresh') done.push(item);
    else if (claim?.standing === 'parked' && item.origin.kind === 'source') parked.push(item);
    else if (claim?.standing === 'failed' && !claim.failure.acknowledged) {
      interrupted.push({ item, failure: claim.failure });
    } else skipped.push(item);
  }
  return { done, skipped, parked, interrupted };
}
