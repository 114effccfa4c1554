import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { completeReplayRequest, ReplayRequestError, type ReplayRequest } from './replay-request.js';

const GOOD = { by: 'ada', why: 'the price service is back' };

function problemsOf(request: Partial<ReplayRequest>): string {
  try {
    completeReplayRequest({ ...GOOD, ...request });
  } catch (error) {
    if (error instanceof ReplayRequestError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'none';
}

describe('a replay request', () => {
  it('asks for who and why, and has a default for the rest', () => {
    expect(completeReplayRequest({ by: ' ada ', why: 'why not' })).toEqual({
      by: 'ada',
      why: 'why not',
      filter: {},
      dryRun: false,
      ratePerSecond: 100,
      canary: { first: 20, maxFailureRatio: 0.1, withinMs: 60_000 },
      outsideEffects: false,
      signal: expect.any(AbortSignal),
    });
  });

  it('keeps the other bounds of a canary when one is given', () => {
    const { canary } = completeReplayRequest({ ...GOOD, canary: { first: 5 } });
    expect(canary).toEqual({ first: 5, maxFailureRatio: 0.1, withinMs: 60_000 });
  });

  it('goes without a canary when asked to', () => {
    expect(completeReplayRequest({ ...GOOD, canary: false }).canary).toBe(false);
  });

  it('names everything that is wrong at once', () => {
    expect(problemsOf({ by: ' ', why: '', ratePerSecond: 0 })).toBe(
      'REPLAY_REQUEST: replay: say who asks for it (by); say why (why); ratePerSecond must be a number above 0',
    );
  });

  it.each<[Partial<ReplayRequest>, string]>([
    [{ ratePerSecond: Number.NaN }, 'ratePerSecond'],
    [{ ratePerSecond: Infinity }, 'ratePerSecond'],
    [{ dryRun: true, outsideEffects: true }, 'dry run has no outside effects'],
    [{ canary: { first: 0 } }, 'canary.first'],
    [{ canary: { maxFailureRatio: 1.1 } }, 'canary.maxFailureRatio'],
    [{ canary: { maxFailureRatio: Number.NaN } }, 'canary.maxFailureRatio'],
    [{ canary: { withinMs: 0.5 } }, 'canary.withinMs'],
    [{ filter: { reasons: [] } }, 'filter.reasons is empty'],
    [{ filter: { keys: [] } }, 'filter.keys is empty'],
    [{ filter: { eventIds: [randomUUID(), '42'] } }, 'filter.eventIds must be UUIDs'],
    [{ filter: { from: 2, until: 2 } }, 'filter.from must be before filter.until'],
    [{ filter: { from: Number.NaN } }, 'filter.from must be before filter.until'],
  ])('refuses %j', (request, problem) => {
    expect(problemsOf(request)).toContain(problem);
  });

  it('refuses a reason that does not exist and lists those that do', () => {
    const filter: object = JSON.parse('{"reasons":["MOOD"]}');
    expect(problemsOf({ filter })).toContain('DECODE, CONTRACT, FATAL, EXHAUSTED, EXPIRED, FOLLOWER');
  });
});
