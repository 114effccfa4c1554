import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import {
  channelOf,
  OBSERVATION_POINTS,
  type Observation,
  type ObservationPoint,
} from '../api/observation-points.js';
import type { ConsumerOptions } from '../api/consumer-options.js';
import { FatalError, RetryableError } from '../api/errors.js';
import { retryPlan } from '../api/retry-plan.js';
import { ConsumerBench } from './consumer-bench.fixture.js';
import type { ConsumerRuntime } from './consumer-runtime.js';

describe('observation points', () => {
  let bench: ConsumerBench;
  let observed: {
    point: ObservationPoint;
    observation: Observation;
    effects: number;
    position: number | undefined;
  }[];
  const running: ConsumerRuntime[] = [];
  const listeners = OBSERVATION_POINTS.map((point) => ({
    channel: channelOf(point),
    listener: (observation: unknown) => {
      const { effects } = bench.store;
      observed.push({
        point,
        observation: observation as Observation,
        effects: effects.length,
        position: bench.position(0),
      });
    },
  }));

  function start(options: Partial<ConsumerOptions> = {}): ConsumerRuntime {
    const runtime = bench.start(options);
    running.push(runtime);
    return runtime;
  }

  function pointsOf(eventId: string): ObservationPoint[] {
    return observed
      .filter(({ observation }) => observation.eventIds.includes(eventId))
      .map(({ point }) => point);
  }

  beforeEach(() => {
    bench = new ConsumerBench();
    observed = [];
    listeners.forEach(({ channel, listener }) => subscribe(channel, listener));
  });

  afterEach(async () => {
    bench.behave = () => undefined;
    for (const runtime of running.splice(0)) await bench.stop(runtime);
    listeners.forEach(({ channel, listener }) => unsubscribe(channel, listener));
  });

  it('pass a good record through its transaction, and the effect is durable at the last of them', async () => {
    const id = bench.append(0, 'a', 'a1');
    start();
    await bench.clock.settle();
    expect(pointsOf(id)).toEqual(['batch.claimed', 'batch.handled', 'batch.committed']);
    expect(observed.map(({ effects }) => effects)).toEqual([0, 0, 1]);
    await bench.clock.advance(1_000);
    const [committing, committed] = observed.slice(-2);
    expect([committing?.point, committing?.position]).toEqual(['offsets.committing', undefined]);
    expect([committed?.point, committed?.position]).toEqual(['offsets.committed', 1]);
    expect(committed?.observation).toEqual({ group: 'fraud', eventIds: [] });
  });

  it('pass a dying record through the steps of its way out, in their order', async () => {
    bench.behave = () => {
      throw new FatalError('never');
    };
    const id = bench.append(0, 'a', 'a1');
    start();
    await bench.clock.advance(1_000);
    expect(pointsOf(id)).toEqual([
      'batch.claimed',
      'failure.recorded',
      'failure.published',
      'failure.acknowledged',
    ]);
  });

  it('pass a parked head through its run', async () => {
    let failures = 1;
    bench.behave = () => {
      if (failures-- > 0) throw new RetryableError('not yet');
    };
    const id = bench.append(0, 'a', 'a1');
    start();
    await bench.clock.advance(3_000);
    expect(pointsOf(id)).toEqual(['batch.claimed', 'record.parked', 'head.handled', 'head.committed']);
  });

  it('are all published, replay included', async () => {
    let failures = 2;
    bench.behave = (name) => {
      if (name === 'a1' && failures-- > 0) throw new RetryableError('not yet');
      if (name === 'b1' && failures-- > -9) throw new FatalError('never');
    };
    bench.append(0, 'a', 'a1');
    bench.append(0, 'b', 'b1');
    const runtime = start({ deadHead: 'skip', retry: retryPlan('1s') });
    await bench.clock.advance(10_000);
    bench.behave = () => undefined;
    const replay = runtime.replay('order.created', { by: 'the test', why: 'to see every point' });
    await bench.clock.runUntil(replay);
    await bench.clock.advance(2_000);
    expect(new Set(observed.map(({ point }) => point))).toEqual(new Set(OBSERVATION_POINTS));
    expect(bench.store.effects.toSorted()).toEqual(['a1', 'b1']);
  });
});
