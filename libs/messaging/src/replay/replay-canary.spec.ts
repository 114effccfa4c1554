import { beforeEach, describe, expect, it } from '@jest/globals';
import { EventHeader } from '@millrace/contracts';
import { ReplayBench } from './replay-bench.fixture.js';

let bench: ReplayBench;

beforeEach(() => {
  bench = new ReplayBench();
});

/** Lets each published event end as told, failures after half a second; undefined for one without a result. */
function consume(result: (place: number) => 'done' | 'failed' | undefined, doneAfterMs = 1_000): void {
  let place = 0;
  bench.broker.onSend = (records) => {
    for (const { headers } of records) {
      const end = result(place);
      place += 1;
      const eventId = String(headers[EventHeader.id]);
      if (end)
        void bench.clock.sleep(end === 'done' ? doneAfterMs : 500).then(() => bench.settle(eventId, end));
    }
  };
}

describe('the canary of a replay', () => {
  it('lets the others follow when the first ones took effect', async () => {
    await bench.dieMany(50);
    consume(() => 'done');
    const report = await bench.replay();
    expect(report).toMatchObject({ end: 'completed', selected: 50, sent: 50, failed: 0 });
    expect(report.done).toBeGreaterThanOrEqual(20);
  });

  it('waits for the results of the first ones before another event is armed', async () => {
    await bench.dieMany(6);
    consume(() => 'done', 30_000);
    const begin = bench.clock.now();
    const armedAt: number[] = [];
    bench.store.onArm = () => void armedAt.push(bench.clock.now() - begin);
    await bench.replay({ canary: { first: 5 } });
    expect(armedAt[4]).toBeLessThan(100);
    expect(armedAt[5]).toBeGreaterThanOrEqual(30_000);
  });

  it('stops when more of the first ones died again than may, and sends nothing more', async () => {
    await bench.dieMany(50);
    consume((place) => (place < 3 ? 'failed' : 'done'));
    const report = await bench.replay();
    expect(report).toMatchObject({ end: 'stopped', selected: 50, sent: 20, failed: 3 });
    expect(bench.replayed).toHaveLength(20);
    expect(bench.store.ends).toEqual(['stopped']);
  });

  it('goes on when just as many died again as may', async () => {
    await bench.dieMany(50);
    consume((place) => (place < 2 ? 'failed' : 'done'));
    expect(await bench.replay()).toMatchObject({ end: 'completed', sent: 50, failed: 2 });
  });

  it('does not take early failures for all of the results', async () => {
    await bench.dieMany(50);
    consume((place) => (place < 2 ? 'failed' : 'done'), 5_000);
    expect(await bench.replay()).toMatchObject({ end: 'completed', sent: 50 });
  });

  it('stops as soon as too many failures are certain, without waiting for the other results', async () => {
    await bench.dieMany(50);
    consume((place) => (place < 3 ? 'failed' : undefined));
    const begin = bench.clock.now();
    expect(await bench.replay()).toMatchObject({ end: 'stopped', sent: 20 });
    expect(bench.clock.now() - begin).toBeLessThan(2_000);
  });

  it('stops when results are missing after its time', async () => {
    await bench.dieMany(50);
    consume((place) => (place === 7 ? undefined : 'done'));
    const begin = bench.clock.now();
    expect(await bench.replay({ canary: { withinMs: 10_000 } })).toMatchObject({
      end: 'stopped',
      sent: 20,
      done: 19,
    });
    expect(bench.clock.now() - begin).toBeGreaterThanOrEqual(10_000);
    expect(bench.clock.now() - begin).toBeLessThan(11_000);
  });

  it('counts dead heads that are driven in place among the first ones', async () => {
    await bench.dieAsHead();
    await bench.dieMany(4);
    consume(() => 'done');
    const report = await bench.replay({ canary: { first: 2, withinMs: 5_000 } });
    expect(report).toMatchObject({ end: 'stopped', sent: 1, rearmed: 1 });
  });

  it('does not hold a replay that has no more events than it', async () => {
    await bench.dieMany(20);
    consume(() => undefined);
    const begin = bench.clock.now();
    expect(await bench.replay()).toMatchObject({ end: 'completed', sent: 20 });
    expect(bench.clock.now() - begin).toBeLessThan(1_000);
  });

  it('does not hold a replay that asks for none', async () => {
    await bench.dieMany(50);
    consume(() => 'failed');
    expect(await bench.replay({ canary: false })).toMatchObject({ end: 'completed', sent: 50 });
  });

  it('ends its wait when the signal aborts', async () => {
    await bench.dieMany(50);
    const stopping = new AbortController();
    void bench.clock.sleep(5_000).then(() => stopping.abort(new Error('enough')));
    const begin = bench.clock.now();
    expect(await bench.replay({ signal: stopping.signal })).toMatchObject({ end: 'aborted', sent: 20 });
    expect(bench.clock.now() - begin).toBe(5_000);
  });
});
