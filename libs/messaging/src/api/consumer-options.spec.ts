import { describe, expect, it } from '@jest/globals';
import { completeOptions, type ConsumerOptions } from './consumer-options.js';
import { ConsumerDefinitionError } from './errors.js';

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
  ])('refuses %s', (_, options, problem) => {
    expect(() => completeOptions({ group: 'fraud', ...options })).toThrow(ConsumerDefinitionError);
    expect(() => completeOptions({ group: 'fraud', ...options })).toThrow(problem);
  });

  it('names every problem at once', () => {
    expect(() => completeOptions({ group: 'fraud', tries: 0, heartbeatIntervalMs: 9_000 })).toThrow(
      /tries must.*heartbeatIntervalMs must/,
    );
  });
});
