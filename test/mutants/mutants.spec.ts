import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mutants } from './mutants.js';
import { failingUnmutated, judge, type Verdict } from './mutation-run.js';

/** Children at a time: each of them is busy on one core. */
const AT_ONCE = 2;

describe('the runtime', () => {
  const ending = new AbortController();
  const verdicts = new Map(mutants.map(({ name }) => [name, Promise.withResolvers<Verdict>()]));
  const unmutated = Promise.withResolvers<string[]>();
  let workers: Promise<unknown> = Promise.resolve();

  beforeAll(() => {
    const jobs = [
      async () =>
        unmutated.resolve(
          await failingUnmutated(
            mutants.map(({ killer }) => killer),
            ending.signal,
          ),
        ),
      ...mutants.map((one) => async () => verdicts.get(one.name)?.resolve(await judge(one, ending.signal))),
    ].values();
    const work = async () => {
      for (const job of jobs) if (!ending.signal.aborted) await job();
    };
    workers = Promise.all(Array.from({ length: AT_ONCE }, work));
  });

  afterAll(async () => {
    ending.abort();
    await workers;
  });

  it.each(mutants)('does not live with $name', async ({ name }) => {
    expect(await verdicts.get(name)?.promise).toEqual({ verdict: 'killed' });
  });

  it('passes every killer as it is', async () => {
    expect(await unmutated.promise).toEqual([]);
  });
});
