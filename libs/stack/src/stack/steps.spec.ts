import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Steps } from './steps.js';

describe('the steps of a start', () => {
  let said: string[];
  let steps: Steps;

  beforeEach(() => {
    jest.useFakeTimers();
    said = [];
    steps = new Steps((step) => said.push(step));
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const lasting = (name: string, ms: number) =>
    steps.run(name, () => new Promise<void>((resolve) => setTimeout(resolve, ms)));

  it('are reported with their seconds when they end', async () => {
    const run = lasting('Kafka', 2_100);
    await jest.advanceTimersByTimeAsync(2_100);
    await run;
    expect(said).toEqual(['Kafka (2.1 s)']);
  });

  it('that last are reported together every five seconds', async () => {
    const runs = [lasting('Kafka', 11_000), lasting('Postgres', 6_000)];
    await jest.advanceTimersByTimeAsync(11_000);
    await Promise.all(runs);
    expect(said).toEqual([
      'waiting for Kafka 5 s, Postgres 5 s',
      'Postgres (6.0 s)',
      'waiting for Kafka 10 s',
      'Kafka (11.0 s)',
    ]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('that fail pass their error on and are waited for no longer', async () => {
    await expect(steps.run('Kafka', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(jest.getTimerCount()).toBe(0);
  });
});
