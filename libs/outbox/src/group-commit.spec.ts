import { describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { GroupCommit, type GroupCommitOptions } from './group-commit.js';

/** A group commit whose groups are written when the test says so; each item is answered with itself, doubled. */
function held(options: GroupCommitOptions = {}) {
  const groups: (readonly number[])[] = [];
  const open: PromiseWithResolvers<void>[] = [];
  const commit = new GroupCommit<number, number>(async (items) => {
    groups.push(items);
    const gate = Promise.withResolvers<void>();
    open.push(gate);
    await gate.promise;
    return items.map((item) => item * 2);
  }, options);
  const end = async (error?: Error) => {
    const gate = open.shift();
    if (error) gate?.reject(error);
    else gate?.resolve();
    await turn();
    await turn();
  };
  return { commit, groups, end };
}

/** Numbers below zero are at fault. */
function faulty(error = new Error('below zero')) {
  const groups: (readonly number[])[] = [];
  const commit = new GroupCommit<number, number>(async (items) => {
    groups.push(items);
    if (items.some((item) => item < 0)) throw error;
    return items;
  });
  return { commit, groups };
}

describe('a group commit', () => {
  it('writes a lonely item at once', async () => {
    const { commit, groups, end } = held();
    const answer = commit.submit(1);
    await turn();
    expect(groups).toEqual([[1]]);
    await end();
    expect(await answer).toBe(2);
  });

  it('answers nobody before the group is committed', async () => {
    const { commit, end } = held();
    let answered = 0;
    const answers = [1, 2].map((item) => commit.submit(item).then(() => (answered += 1)));
    await turn();
    expect(answered).toBe(0);
    await end();
    await Promise.all(answers);
    expect(answered).toBe(2);
  });

  it('gathers what arrives while two groups are on their way, in order, up to its size', async () => {
    const { commit, groups, end } = held({ groupItems: 3 });
    const answers: Promise<number>[] = [];
    for (const item of [1, 2]) {
      answers.push(commit.submit(item));
      await turn();
    }
    answers.push(...[3, 4, 5, 6, 7].map((item) => commit.submit(item)));
    await turn();
    expect(groups).toEqual([[1], [2]]);
    await end();
    expect(groups).toEqual([[1], [2], [3, 4, 5]]);
    await end();
    expect(groups).toEqual([[1], [2], [3, 4, 5], [6, 7]]);
    await end();
    await end();
    expect(await Promise.all(answers)).toEqual([2, 4, 6, 8, 10, 12, 14]);
  });

  it('refuses an item when too many wait, and takes the next when there is room again', async () => {
    const { commit, end } = held({ groupItems: 1, groupsInFlight: 1, waitingItems: 2 });
    const first = commit.submit(1);
    await turn();
    const waiting = [commit.submit(2), commit.submit(3)];
    await expect(commit.submit(4)).rejects.toMatchObject({ code: 'GROUP_COMMIT_FULL' });
    await end();
    const later = commit.submit(5);
    for (let left = 3; left > 0; left -= 1) await end();
    expect(await Promise.all([first, ...waiting, later])).toEqual([2, 4, 6, 10]);
  });

  it('lets the one item fail that is at fault, and commits its neighbours', async () => {
    const { commit } = faulty();
    const answers = [1, 2, -3, 4, 5, 6, -7].map((item) => commit.submit(item));
    const ended = await Promise.allSettled(answers);
    expect(ended.map((one) => (one.status === 'fulfilled' ? one.value : 'failed'))).toEqual([
      1,
      2,
      'failed',
      4,
      5,
      6,
      'failed',
    ]);
  });

  it('does not try again in halves while the database is away', async () => {
    const { commit, groups } = faulty(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }));
    const ended = await Promise.allSettled([1, -2, 3].map((item) => commit.submit(item)));
    expect(ended.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(groups).toHaveLength(1);
  });

  it('takes an item back whose caller left while it waited, and no other', async () => {
    const { commit, groups, end } = held({ groupItems: 8, groupsInFlight: 1 });
    const first = commit.submit(1);
    await turn();
    const left = new AbortController();
    const answers = [commit.submit(2), commit.submit(3, left.signal), commit.submit(4)];
    const settled = Promise.allSettled(answers);
    left.abort(new Error('left'));
    await end();
    expect(groups).toEqual([[1], [2, 4]]);
    await end();
    expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await first;
  });

  it('commits an item whose caller leaves while it is written', async () => {
    const { commit, end } = held();
    const left = new AbortController();
    const answers = [commit.submit(1, left.signal), commit.submit(2)];
    await turn();
    left.abort(new Error('left'));
    await end();
    expect(await Promise.all(answers)).toEqual([2, 4]);
  });

  it('begins nothing for a caller that has left before', async () => {
    const { commit, groups } = held();
    await expect(commit.submit(1, AbortSignal.abort(new Error('left')))).rejects.toThrow('left');
    await turn();
    expect(groups).toEqual([]);
  });
});
