import { beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryConsumerStore } from '@millrace/testing/runtime';
import { FatalError } from '../api/errors.js';
import { HandlerTimeoutError } from '../record/handler-run.js';
import { blameOf } from './error-classifier.js';

describe('blameOf', () => {
  let store: MemoryConsumerStore;

  beforeEach(() => {
    store = new MemoryConsumerStore();
  });

  it('blames a handler that ran out of time while the database answers', async () => {
    expect(await blameOf(new HandlerTimeoutError('late'), store)).toBe('retryable');
  });

  it('blames a database that does not answer for a handler that ran out of time', async () => {
    store.down = true;
    expect(await blameOf(new HandlerTimeoutError('late'), store)).toBe('infrastructure');
  });

  it('asks nobody about any other error', async () => {
    store.down = true;
    expect(await blameOf(new FatalError('never'), store)).toBe('fatal');
  });
});
