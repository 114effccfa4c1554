import { describe, expect, it } from '@jest/globals';
import { ConsumerDefinitionError } from './errors.js';
import { retryPlan } from './retry-plan.js';

describe('retryPlan', () => {
  it('is a value: the delays with their names, and how long they last together', () => {
    expect(retryPlan('5s', '1m', '2h', '1d')).toEqual({
      delays: [
        { name: '5s', milliseconds: 5_000 },
        { name: '1m', milliseconds: 60_000 },
        { name: '2h', milliseconds: 7_200_000 },
        { name: '1d', milliseconds: 86_400_000 },
      ],
      totalMs: 93_665_000,
    });
  });

  it('may be empty', () => {
    expect(retryPlan()).toEqual({ delays: [], totalMs: 0 });
  });

  it('cannot be changed afterwards', () => {
    const plan = retryPlan('5s');
    expect([plan, plan.delays, plan.delays[0]].every((part) => Object.isFrozen(part))).toBe(true);
  });

  it.each(['', '5', 's', '0s', '05s', '1.5m', '-1m', '5 s', '5S', '1w', '10000s', 'five'])(
    'refuses %p as a delay and says how one is written',
    (delay) => {
      expect(() => retryPlan(delay)).toThrow(ConsumerDefinitionError);
      expect(() => retryPlan(delay)).toThrow(`'${delay}' is no delay; write a number and s, m, h or d`);
    },
  );

  it.each([
    [['1m', '5s'], '5s must be longer than 1m'],
    [['5s', '5s'], '5s must be longer than 5s'],
    [['60s', '1m'], '1m must be longer than 60s'],
  ])('refuses delays %j that do not grow', (delays, problem) => {
    expect(() => retryPlan(...delays)).toThrow(problem);
  });
});
