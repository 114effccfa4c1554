import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connectionError, withHeaders, type ProducedRecord } from '@millrace/testing/runtime';
import { FatalError, RetryableError } from '../api/errors.js';
import { retryPlan } from '../api/retry-plan.js';
import { RuntimeHeader } from '../failure/header-names.js';
import { ConsumerBench } from './consumer-bench.fixture.js';
import type { ConsumerRuntime } from './consumer-runtime.js';

const PLAN = retryPlan('5s', '1m');
const FIRST_TIER = 'fraud.order.created.retry.5s';
const REPLAYS = 'fraud.order.created.replay';

/** A record without the place where it lies. */
function produced({ key, value, headers, timestamp }: ProducedRecord): ProducedRecord {
  return { key, value, headers, timestamp };
}

describe('a copy', () => {
  let bench: ConsumerBench;
  let runtime: ConsumerRuntime;

  beforeEach(async () => {
    bench = new ConsumerBench(2, PLAN);
    bench.behave = () => {
      throw new RetryableError('not yet');
    };
    runtime = bench.start({ ordering: 'none', retry: PLAN, tries: 1 });
    await bench.clock.settle();
  });

  afterEach(async () => {
    bench.behave = () => undefined;
    bench.broker.onSend = undefined;
    await bench.stop(runtime);
  });

  /** Kills an event with that name and gives its id. */
  async function die(name: string): Promise<string> {
    bench.behave = () => {
      throw new FatalError('never');
    };
    const eventId = bench.append(0, 'k', name);
    await bench.clock.settle();
    return eventId;
  }

  /** Appends the record of an event to the replay topic of its group. */
  function appendReplay(replayId: string, outsideEffects = false): void {
    const [source] = bench.broker.records('order.created');
    const headers = {
      [RuntimeHeader.replayId]: replayId,
      [RuntimeHeader.replayCount]: '1',
      [RuntimeHeader.replayOutsideEffects]: String(outsideEffects),
    };
    if (source) bench.broker.append(REPLAYS, 0, withHeaders(produced(source), headers));
  }

  it('of a retry runs when its delay is over, and not before', async () => {
    bench.append(0, 'k', 'e');
    await bench.clock.advance(4_990);
    expect(bench.seen).toEqual(['e']);
    await bench.clock.advance(20);
    expect(bench.seen).toEqual(['e', 'e']);
  });

  it('of an attempt that is over is skipped', async () => {
    bench.append(0, 'k', 'e');
    await bench.clock.advance(6_000);
    expect(bench.seen).toHaveLength(2);
    const [copy] = bench.broker.records(FIRST_TIER);
    if (copy) bench.broker.append(FIRST_TIER, copy.partition, produced(copy));
    await bench.clock.advance(2_000);
    expect(bench.seen).toHaveLength(2);
    expect(bench.broker.position('fraud.retry', FIRST_TIER, 0)).toBe(2n);
  });

  it('of a retry is the last one when the plan is used up', async () => {
    bench.append(0, 'k', 'e');
    await bench.clock.advance(10 * 60_000);
    expect(bench.seen).toHaveLength(3);
    expect(bench.deadLetters()).toEqual(['e EXHAUSTED']);
  });

  it('of a retry is acknowledged before the offset of its record is committed', async () => {
    bench.broker.onSend = () => {
      throw connectionError();
    };
    bench.append(0, 'k', 'e');
    await bench.clock.advance(10_000);
    expect(bench.position(0)).toBeUndefined();
    bench.broker.onSend = undefined;
    await bench.clock.advance(4_000);
    expect(bench.position(0)).toBe(1);
    expect(bench.broker.records(FIRST_TIER)).toHaveLength(1);
  });

  it('of a dead event that no replay has armed is skipped', async () => {
    await die('e');
    bench.behave = () => undefined;
    appendReplay(randomUUID());
    await bench.clock.advance(2_000);
    expect(bench.broker.position('fraud.retry', REPLAYS, 0)).toBe(1n);
    expect(bench.seen).toEqual(['e']);
    expect(await bench.states('e')).toEqual(['dead']);
  });

  it('of a replay takes effect once, without outside effects unless they are asked for', async () => {
    const eventId = await die('e');
    const allowed: boolean[] = [];
    bench.behave = (_, { outsideEffects }) => void allowed.push(outsideEffects);
    const replayId = randomUUID();
    const why = { by: 'ada', why: 'the rules are mended', filter: '{}', outsideEffects: false };
    await bench.store.startReplay({ replayId, group: 'fraud', topic: 'order.created', ...why });
    await bench.store.arm('fraud', eventId, replayId, bench.clock.now());
    appendReplay(replayId);
    appendReplay(replayId);
    await bench.clock.advance(2_000);
    expect(bench.store.effects).toEqual(['e']);
    expect(allowed).toEqual([false]);
    expect(await bench.states('e')).toEqual(['done']);
  });
});
