import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { EventHeader } from '@millrace/contracts';
import { ReplayBench, sourceOf } from './replay-bench.fixture.js';
import type { ReplayFilter } from './replay-request.js';

const NOON = Date.parse('2026-03-01T12:00:00Z');

let bench: ReplayBench;
let fatal: string;
let early: string;
let keyed: string;

beforeEach(async () => {
  bench = new ReplayBench();
  fatal = await bench.die({ reason: 'FATAL', errorClass: 'RangeError', firstFailureAt: NOON });
  early = await bench.die({ firstFailureAt: NOON - 3_600_000 });
  const eventId = randomUUID();
  const key = Buffer.from('Käse-1');
  keyed = await bench.die({ eventId, firstFailureAt: NOON + 1_000, source: { ...sourceOf(eventId), key } });
});

async function replayedBy(filter: ReplayFilter): Promise<string[]> {
  await bench.replay({ filter });
  return bench.replayed.map(({ headers }) => String(headers[EventHeader.id]));
}

describe('the filter of a replay', () => {
  it('selects by reason of death', async () => {
    expect(await replayedBy({ reasons: ['FATAL', 'DECODE'] })).toEqual([fatal]);
  });

  it('selects by error class', async () => {
    expect(await replayedBy({ errorClasses: ['RetryableError'] })).toEqual([early, keyed]);
  });

  it('selects by key', async () => {
    expect(await replayedBy({ keys: ['Käse-1'] })).toEqual([keyed]);
  });

  it('selects by event id, however it is written', async () => {
    expect(await replayedBy({ eventIds: [fatal.toUpperCase(), randomUUID()] })).toEqual([fatal]);
  });

  it('selects by the time of the first failure, its end excluded', async () => {
    expect(await replayedBy({ from: NOON - 3_600_000, until: NOON + 1_000 })).toEqual([fatal, early]);
  });

  it('selects nothing that fails one of several conditions', async () => {
    expect(await replayedBy({ reasons: ['FATAL'], keys: ['Käse-1'] })).toEqual([]);
  });

  it('judges an event by its newest dead letter', async () => {
    await bench.die({ eventId: fatal, reason: 'EXHAUSTED', firstFailureAt: NOON });
    expect(await replayedBy({ reasons: ['FATAL'] })).toEqual([]);
  });
});
