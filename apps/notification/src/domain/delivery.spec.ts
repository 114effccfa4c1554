import { describe, expect, it } from '@jest/globals';
import { afterFailure } from './delivery.js';

describe('afterFailure', () => {
  it('gives up at once on a mail that the server refuses', () => {
    expect(afterFailure('rejected', 1)).toEqual({ state: 'failed' });
  });

  it('asks a server that says later ever more rarely and gives up after 15 attempts', () => {
    const delays = Array.from({ length: 14 }, (_, index) => afterFailure('deferred', index + 1));
    expect(delays.map((after) => (after.state === 'queued' ? after.delayMs : NaN))).toEqual([
      250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000, 300_000,
      300_000,
    ]);
    expect(afterFailure('deferred', 15)).toEqual({ state: 'failed' });
  });

  it('waits for a server that is away without end, five seconds at most', () => {
    expect(afterFailure('unreachable', 1)).toEqual({ state: 'queued', delayMs: 250 });
    expect(afterFailure('unreachable', 1_000_000)).toEqual({ state: 'queued', delayMs: 5_000 });
  });
});
