import { randomUUID } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { deadLetterTopic, EventHeader } from '@millrace/contracts';
import { channelOf } from '../api/observation-points.js';
import { RuntimeHeader, SpringHeader } from '../failure/header-names.js';
import type { BrokerRecord } from '../ports/broker.port.js';
import { GROUP, PARTITIONS, ReplayBench, sourceOf } from './replay-bench.fixture.js';
import { ReplayAbortedError } from './replay-report.js';

let bench: ReplayBench;

beforeEach(() => {
  bench = new ReplayBench();
});

function idsOf(records: readonly BrokerRecord[]): string[] {
  return records.map(({ headers }) => String(headers[EventHeader.id]));
}

describe('a replay', () => {
  it('publishes every dead event once, to the replay topic, at the place and with the content of its record', async () => {
    const source = sourceOf(randomUUID(), 2);
    const eventId = await bench.die({ eventId: String(source.headers[EventHeader.id]), source });
    const report = await bench.replay();
    expect(report).toMatchObject({ end: 'completed', dryRun: false, found: 1, selected: 1, sent: 1 });
    expect(bench.replayed).toHaveLength(1);
    const [record] = bench.replayed;
    expect(record).toMatchObject({ partition: 2, key: source.key, value: source.value });
    expect(record?.headers).toEqual({
      ...source.headers,
      [RuntimeHeader.originalTopic]: 'order.created',
      [RuntimeHeader.originalPartition]: '2',
      [RuntimeHeader.originalOffset]: '40',
      [RuntimeHeader.originalTimestamp]: '1000',
      [RuntimeHeader.replayId]: report.replayId,
      [RuntimeHeader.replayCount]: '1',
      [RuntimeHeader.replayOutsideEffects]: 'false',
    });
    expect(await bench.store.replayCounts(GROUP, report.replayId)).toEqual({ sent: 1, done: 0, failed: 0 });
    expect(bench.store.failures.get(eventId)?.replayId).toBe(report.replayId);
  });

  it('carries no header of the failure, and keeps one of the source that was written twice', async () => {
    const eventId = randomUUID();
    const source = sourceOf(eventId);
    await bench.die({ eventId, source: { ...source, headers: { ...source.headers, twice: ['a', 'b'] } } });
    await bench.replay();
    const headers = bench.replayed[0]?.headers ?? {};
    const failure = [...Object.values(SpringHeader), RuntimeHeader.errorReason, RuntimeHeader.attempt];
    expect(Object.keys(headers).filter((name) => failure.some((one) => one === name))).toEqual([]);
    expect(headers['twice']).toEqual(['a', 'b']);
  });

  it('sends an event that died several times once, and counts on from its newest dead letter', async () => {
    const eventId = await bench.die();
    await bench.die({ eventId, replay: { replayId: randomUUID(), count: 1 } });
    await bench.die({ eventId, replay: { replayId: randomUUID(), count: 2 } });
    const report = await bench.replay();
    expect(report).toMatchObject({ found: 3, selected: 1, sent: 1 });
    expect(bench.replayed.map(({ headers }) => headers[RuntimeHeader.replayCount])).toEqual(['3']);
  });

  it('writes down who asks, why and for what, and how it ended', async () => {
    await bench.dieMany(2);
    const { replayId } = await bench.replay({ filter: { reasons: ['EXHAUSTED'] }, outsideEffects: true });
    expect(bench.store.started).toEqual([
      {
        replayId,
        group: GROUP,
        topic: 'order.created',
        by: 'ada',
        why: 'the price service is back',
        filter: '{"reasons":["EXHAUSTED"]}',
        outsideEffects: true,
      },
    ]);
    expect(bench.store.ends).toEqual(['completed']);
    expect(bench.replayed[0]?.headers[RuntimeHeader.replayOutsideEffects]).toBe('true');
  });

  it('skips what is not dead any more, whether it learns that early or when it arms', async () => {
    const [resolved, late, dead] = [await bench.die(), await bench.die(), await bench.die()];
    bench.store.markDone(resolved);
    await bench.store.arm(GROUP, late, 'other', bench.clock.now());
    bench.store.onArm = async (eventId) => {
      if (eventId === late) await bench.settle(late, 'done');
    };
    expect(await bench.replay()).toMatchObject({ selected: 3, sent: 1, skipped: 2 });
    expect(idsOf(bench.replayed)).toEqual([dead]);
  });

  it('skips an event whose dead letter passes its retention while the replay reads', async () => {
    await bench.die();
    const ask = bench.store.statesOf.bind(bench.store);
    bench.store.statesOf = (group, eventIds) => {
      bench.broker.createTopic(deadLetterTopic(GROUP, 'order.created'), PARTITIONS);
      return ask(group, eventIds);
    };
    expect(await bench.replay()).toMatchObject({ end: 'completed', selected: 1, sent: 0, skipped: 1 });
  });

  it('publishes nothing for a dead head that blocks its key, which its owner drives in place', async () => {
    await bench.dieAsHead();
    const other = await bench.die();
    expect(await bench.replay()).toMatchObject({ selected: 2, sent: 1, rearmed: 1, skipped: 0 });
    expect(idsOf(bench.replayed)).toEqual([other]);
  });

  it('changes nothing the second time', async () => {
    const dead = await bench.dieMany(30);
    await bench.replay({ canary: false });
    for (const eventId of dead) await bench.settle(eventId, 'done');
    const before = bench.store.writes.length;
    const again = await bench.replay({ canary: false });
    expect(again).toMatchObject({ end: 'completed', selected: 30, sent: 0, rearmed: 0, skipped: 30 });
    expect(bench.store.writes).toHaveLength(before);
    expect(bench.replayed).toHaveLength(30);
  });

  it('sends at most as many per second as asked for', async () => {
    await bench.dieMany(101);
    const begin = bench.clock.now();
    await bench.replay({ ratePerSecond: 20, canary: false });
    expect(bench.replayed).toHaveLength(101);
    expect(bench.clock.now() - begin).toBe(5_000);
  });

  it('arms before it publishes, and says so at each step', async () => {
    const eventId = await bench.die();
    const steps: unknown[] = [];
    const note = (step: string) => (message: unknown) => {
      steps.push([step, message, bench.replayed.length]);
    };
    const [armed, published] = [note('armed'), note('published')];
    subscribe(channelOf('replay.armed'), armed);
    subscribe(channelOf('replay.published'), published);
    await bench.replay();
    unsubscribe(channelOf('replay.armed'), armed);
    unsubscribe(channelOf('replay.published'), published);
    const message = { group: GROUP, eventIds: [eventId] };
    expect(steps).toEqual([
      ['armed', message, 0],
      ['published', message, 1],
    ]);
    expect(bench.store.writes).toEqual(['start', 'arm', 'finish']);
  });

  it('ends early when its signal aborts, and says what was sent', async () => {
    await bench.dieMany(10);
    const stopping = new AbortController();
    let armed = 0;
    bench.store.onArm = () => {
      armed += 1;
      if (armed === 4) stopping.abort(new Error('enough'));
    };
    const report = await bench.replay({ signal: stopping.signal });
    expect(report).toMatchObject({ end: 'aborted', selected: 10, sent: 4 });
    expect(bench.store.ends).toEqual(['aborted']);
  });

  it('tells how far it came when the broker fails, and leaves the event dead for the next replay', async () => {
    const dead = await bench.dieMany(3);
    bench.broker.onSend = () => {
      if (bench.replayed.length === 1) throw new Error('broker is away');
    };
    const failure = await bench.replay().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ReplayAbortedError);
    expect(failure).toMatchObject({
      code: 'REPLAY_ABORTED',
      cause: new Error('broker is away'),
      report: { end: 'aborted', sent: 1, selected: 3 },
    });
    expect(bench.store.ends).toEqual(['aborted']);
    bench.broker.onSend = undefined;
    await bench.settle(dead[0] ?? '', 'done');
    expect(await bench.replay()).toMatchObject({ end: 'completed', sent: 2, skipped: 1 });
  });

  it('leaves no trace when it finds nothing', async () => {
    expect(await bench.replay()).toMatchObject({ end: 'completed', found: 0, selected: 0, sent: 0 });
    expect(bench.store.writes).toEqual([]);
  });
});

describe('a dry run', () => {
  it('tries out every dead event as it would arrive, and writes nothing', async () => {
    const [dead, done] = [await bench.die(), await bench.die()];
    bench.store.markDone(done);
    const report = await bench.replay({ dryRun: true });
    expect(report).toMatchObject({ dryRun: true, selected: 2, skipped: 1, sent: 0, wouldSucceed: 1 });
    expect(report.wouldFail).toEqual({});
    expect(idsOf(bench.triedOut)).toEqual([dead]);
    expect(bench.triedOut[0]).toMatchObject({ topic: 'fraud.order.created.replay', partition: 1 });
    expect(bench.triedOut[0]?.headers).toMatchObject({
      [RuntimeHeader.replayId]: report.replayId,
      [RuntimeHeader.originalOffset]: '40',
    });
    expect(bench.store.writes).toEqual([]);
    expect(bench.replayed).toEqual([]);
  });

  it('counts what would die again by reason, and shows the first 20', async () => {
    const dead = await bench.dieMany(30);
    const error = { errorClass: 'ContractViolationError', errorMessage: 'orderId is missing' };
    bench.tryOut = ({ headers }) => {
      const at = dead.indexOf(String(headers[EventHeader.id]));
      if (at >= 25) return { ok: true };
      return { ok: false, reason: at < 5 ? 'FATAL' : 'CONTRACT', ...error };
    };
    const report = await bench.replay({ dryRun: true });
    expect(report).toMatchObject({ wouldSucceed: 5, wouldFail: { FATAL: 5, CONTRACT: 20 } });
    expect(report.examples.map(({ eventId }) => eventId)).toEqual(dead.slice(0, 20));
    expect(report.examples[7]).toEqual({ eventId: dead[7], reason: 'CONTRACT', ...error });
  });

  it('is not held by a canary', async () => {
    await bench.dieMany(30);
    const begin = bench.clock.now();
    const report = await bench.replay({ dryRun: true, ratePerSecond: 1_000, canary: { first: 1 } });
    expect(report).toMatchObject({ end: 'completed', wouldSucceed: 30 });
    expect(bench.clock.now() - begin).toBeLessThan(100);
  });
});
