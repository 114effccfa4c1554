import { describe, expect, it } from '@jest/globals';
import { completeOptions, CONSUMER_DEFAULTS, type ConsumerOptions } from './consumer-options.js';
import { ConsumerDefinitionError } from './errors.js';

/** Every option that counts or lasts. */
const WHOLE_NUMBERS = Object.entries(CONSUMER_DEFAULTS)
  .filter(([name, value]) => typeof value === 'number' && name !== 'systemicRatio')
  .map(([name]) => name);

describe('completeOptions', () => {
  it('needs nothing but a group', () => {
    expect(completeOptions({ group: 'fraud' })).toMatchObject({
      group: 'fraud',
      ordering: 'key',
      batchRecords: 500,
      queueRecords: 2_000,
      tries: 3,
      drainMs: 25_000,
    });
  });

  it('keeps what is given', () => {
    expect(completeOptions({ group: 'fraud', ordering: 'none', tries: 1 })).toMatchObject({
      ordering: 'none',
      tries: 1,
    });
  });

  it.each<[string, Partial<ConsumerOptions>, string]>([
    ['a group that is no service name', { group: 'Fraud Service' }, 'group must be a service name'],
    ['no group', { group: '' }, 'group must be a service name'],
    ['no tries', { tries: 0 }, 'tries must be a whole number of at least 1'],
    ['half a record', { batchRecords: 1.5 }, 'batchRecords must be a whole number'],
    ['endless tries', { tries: Number.POSITIVE_INFINITY }, 'tries must be a whole number'],
    [
      'a queue smaller than a batch',
      { batchRecords: 100, queueRecords: 99 },
      'queueRecords must be at least batchRecords',
    ],
    [
      'fewer uncommitted than queued',
      { uncommittedRecords: 1_999 },
      'uncommittedRecords must be at least queueRecords',
    ],
    ['heartbeats too rare', { heartbeatIntervalMs: 4_000 }, 'at most a third of sessionTimeoutMs'],
    ['no share of failures', { systemicRatio: 0 }, 'systemicRatio must be above 0 and at most 1'],
    ['more failures than records', { systemicRatio: 1.01 }, 'systemicRatio must be above 0 and at most 1'],
    [
      'a share that is no number',
      { systemicRatio: Number.NaN },
      'systemicRatio must be above 0 and at most 1',
    ],
    ["lanes with ordering 'partition'", { ordering: 'partition', lanes: 2 }, 'lanes must be 1'],
    [
      'a dead head where nothing waits behind it',
      { ordering: 'none', deadHead: 'skip' },
      'deadHead says what becomes',
    ],
    ["a dead head with ordering 'partition'", { ordering: 'partition', deadHead: 'block' }, 'leave it out'],
  ])('refuses %s', (_, options, problem) => {
    expect(() => completeOptions({ group: 'fraud', ...options })).toThrow(ConsumerDefinitionError);
    expect(() => completeOptions({ group: 'fraud', ...options })).toThrow(problem);
  });

  it.each(WHOLE_NUMBERS)('refuses 0, a fraction and infinity for %s', (name) => {
    for (const value of [0, -1, 1.5, Number.POSITIVE_INFINITY, Number.NaN]) {
      const problem = `${name} must be a whole number of at least 1`;
      expect(() => completeOptions({ group: 'fraud', [name]: value })).toThrow(problem);
    }
  });

  it.each<Partial<ConsumerOptions>>([
    { batchRecords: 2_000 },
    { uncommittedRecords: 2_000 },
    { heartbeatIntervalMs: 3_333 },
    { systemicRatio: 1 },
    { ordering: 'none', lanes: 8 },
    { deadHead: 'drain' },
    { ordering: 'partition' },
  ])('accepts %j, which is just within the rules', (options) => {
    expect(completeOptions({ group: 'fraud', ...options })).toMatchObject(options);
  });

  it('has the defaults that its documentation names', () => {
    expect(CONSUMER_DEFAULTS).toMatchObject({
      ordering: 'key',
      deadHead: 'block',
      lanes: 1,
      batchBytes: 1_048_576,
      handlerTimeoutMs: 30_000,
      sharedTimeoutMs: 1_000,
      triesWithinMs: 2_000,
      sessionTimeoutMs: 10_000,
      heartbeatIntervalMs: 3_000,
      systemicWindow: 100,
      systemicRatio: 0.5,
      systemicParkedKeys: 10_000,
      uncommittedRecords: 10_000,
      commitIntervalMs: 1_000,
      commitRecords: 1_000,
      inboxHorizonMs: 37 * 86_400_000,
    });
    expect(CONSUMER_DEFAULTS.retry.delays.map(({ name }) => name)).toEqual(['5s', '1m', '10m']);
  });

  it('names every problem at once', () => {
    expect(() => completeOptions({ group: 'fraud', tries: 0, heartbeatIntervalMs: 9_000 })).toThrow(
      /tries must.*heartbeatIntervalMs must/,
    );
  });
});
