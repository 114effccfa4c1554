import { countAttempts, logger } from '@millrace/telemetry';
import { observe } from '../api/observation-points.js';
import type { FailurePath } from '../failure/failure-path.js';
import type { CompleteConsumerOptions } from '../api/consumer-options.js';
import type { FailureReason, ParkedPlace } from '../ports/failure.js';
import type { HeadWait, ParkedRecord } from '../ports/parking.js';
import type { Claim } from '../ports/inbox.js';
import type { ConsumerEnvironment } from '../runtime/consumer-environment.js';
import { spanOf } from '../observe/process-spans.js';
import { keyOf, orderingKey } from './ordering-key.js';
import type { RunControl } from '../record/run-control.js';
import type { EventItem, IdentifiedItem } from '../record/work-item.js';

const log = logger('millrace.parking');

/** Takes records out of the live flow for as long as their key is blocked; only with ordering `key`. */
export class Parking {
  constructor(
    private readonly environment: ConsumerEnvironment,
    private readonly failures: FailurePath,
  ) {}

  /** Parks the records whose key is blocked and gives back the others, in their order. */
  async behindBlockedKeys<Item extends IdentifiedItem>(
    items: readonly Item[],
    control: RunControl,
  ): Promise<readonly Item[]> {
    let left = items;
    for (;;) {
      const blocked = left.filter((item) => isLive(item) && control.blocked.has(orderingKey(item.source)));
      const [first] = blocked;
      if (!first) return left;
      const verdict = await this.verdict(first, control);
      if (verdict === 'look-again') continue;
      const parked = verdict === 'all' ? blocked : [first];
      await this.park(parked, control);
      this.environment.rate.followed(parked.length);
      left = left.filter((item) => !parked.includes(item));
    }
  }

  /**
   * While most records fail the followers of blocked keys wait like everything else, the head of their key being the
   * probe; of those whose head keeps failing one after the other is parked.
   */
  private async verdict(item: IdentifiedItem, control: RunControl): Promise<'all' | 'one' | 'look-again'> {
    const { rate, gate } = this.environment;
    if (!rate.isSystemic) return 'all';
    const error = new Error('most records fail, and this one stands behind one that failed');
    const end = await gate.holdSystemic(error, () => control.probeHead(keyOf(item.source)));
    if (end === 'gave-up') return 'one';
    if (end === 'answered') rate.reset();
    return 'look-again';
  }

  /** Parks a record that failed as the head of its key, whose followers wait from now on. */
  async parkHead(item: EventItem, wait: HeadWait, control: RunControl): Promise<void> {
    this.block(item, control);
    await this.park([item], control, wait);
    const { eventId, source } = item;
    const { topic, partition } = source;
    log.info({ group: this.environment.options.group, eventId, topic, partition }, 'key is blocked: parked');
  }

  /** From now on the records of this record's key are parked. */
  block(item: IdentifiedItem, control: RunControl): void {
    control.blocked.add(keyOf(item.source));
  }

  private async park(items: readonly IdentifiedItem[], control: RunControl, head?: HeadWait): Promise<void> {
    const { options, store, clock } = this.environment;
    const records = items.map(parkedRecord);
    const claims = await this.failures.untilDone(control.signal, () =>
      store.park(options.group, records, clock.now(), head),
    );
    observe('record.parked', options.group, () => items.map(({ eventId }) => eventId));
    const byId = new Map(claims.map((claim) => [claim.eventId, claim]));
    for (const item of items) await this.settle(item, byId.get(item.eventId), control);
    const topic = items[0]?.source.topic;
    if (topic) countAttempts({ group: options.group, topic }, 'parked', items.length);
  }

  private async settle(item: IdentifiedItem, claim: Claim | undefined, control: RunControl): Promise<void> {
    const span = item.kind === 'event' ? item.span : undefined;
    if (claim?.standing === 'failed' && !claim.failure.acknowledged) {
      const { attempt, firstFailureAt } = claim.failure;
      const leaving = { item, attempt, firstFailureAt, span: spanOf(item, this.environment.options) };
      // It may be the parked head of its key, which must not run again once it is dead.
      const stays = staysDead(item, claim.failure.reason, this.environment.options);
      const head = headPlace(item, stays);
      await this.failures.complete(leaving, claim.failure, control.signal, head);
    }
    span?.event('parked', {});
    span?.end();
    control.terminal(item);
  }
}

/** A record as it is parked. */
export function parkedRecord({ eventId, source, receivedAt }: IdentifiedItem): ParkedRecord {
  return { eventId, key: orderingKey(source), record: source, receivedAt };
}

/** Place of a record as the head of its key, and whether it stays there when it is dead. */
export function headPlace(
  { source }: IdentifiedItem,
  stays: boolean,
): ParkedPlace & { readonly stays: boolean } {
  return { ...keyOf(source), offset: source.offset, stays };
}

/** Whether a dead head stays parked and its key with it; a record without a key is in nobody's way. */
export function staysDead(
  { source }: IdentifiedItem,
  reason: FailureReason,
  { deadHead }: CompleteConsumerOptions,
): boolean {
  return deadHead !== 'skip' && reason !== 'FOLLOWER' && source.key !== null;
}

function isLive({ origin }: IdentifiedItem): boolean {
  return origin.kind === 'source';
}
