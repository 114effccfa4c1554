import { beforeEach, describe, expect, it } from '@jest/globals';
import { EventHeader } from '@millrace/contracts';
import { connectionError, withHeaders, type StoreStep } from '@millrace/testing/runtime';
import { FatalError, RetryableError } from '../api/errors.js';
import { AbandonedError } from '../failure/abandoned.error.js';
import { DEAD_LETTERS, named, RunnerBench } from './runner.fixture.js';

const ID = '019ca945-0a00-7c11-9a54-3d2f0c9a7b10';
const WAY_OUT = ['recordFailure', 'send', 'acknowledgeFailure', 'terminal'];

class Crash extends AbandonedError {}

describe('a record that dies', () => {
  let bench: RunnerBench;

  beforeEach(() => {
    bench = new RunnerBench();
    bench.behave = (name) => {
      if (name === 'bad') throw new RetryableError('not today');
    };
  });

  /** Ends the process, as far as the runner can tell, once at that step. */
  function crashAt(step: StoreStep | 'send', when: 'before' | 'after'): void {
    let armed = true;
    const crash = (at: string) => {
      bench.journal.push(at);
      if (at !== step || !armed) return;
      armed = false;
      bench.lost.abort();
      if (when === 'before') throw new Crash();
    };
    bench.store.onStep = (at) => crash(at);
    bench.broker.onSend = () => crash('send');
  }

  /** Another process on the same store. */
  function nextProcess(): RunnerBench {
    const next = new RunnerBench({}, bench.store);
    next.behave = bench.behave;
    return next;
  }

  it('is recorded, published, acknowledged and only then terminal', async () => {
    await bench.run([named('bad', ID)]);
    expect(bench.seen).toHaveLength(3);
    expect(bench.journal.slice(-4)).toEqual(WAY_OUT);
    expect(bench.store.failures.get(ID)).toMatchObject({
      state: 'dead',
      acknowledged: true,
      attempt: 1,
      reason: 'EXHAUSTED',
      errorClass: 'RetryableError',
      errorMessage: 'not today',
      topic: 'order.created',
      partition: 2,
      offset: 0n,
    });
  });

  it('spends no second try after a FatalError', async () => {
    bench.behave = () => {
      throw new FatalError('never');
    };
    await bench.run([named('bad', ID)]);
    expect(bench.seen).toHaveLength(1);
    expect(bench.store.failures.get(ID)).toMatchObject({ reason: 'FATAL', attempt: 1 });
  });

  it('reaches no handler when it cannot be decoded, and keeps its bytes', async () => {
    const value = Buffer.from([0xff, 0x00, 0x7b]);
    await bench.run([{ ...named('bad', ID), value }, named('good')]);
    expect(bench.deadLetters()).toEqual(['DECODE']);
    expect(bench.broker.records(DEAD_LETTERS)[0]).toMatchObject({ value, partition: 2 });
    expect(bench.store.effects).toEqual(['good']);
    expect(bench.terminal).toEqual([0, 1]);
  });

  it('dies under an id of its place when it has none', async () => {
    await bench.run([withHeaders(named('bad'), { [EventHeader.id]: undefined })]);
    const [id] = [...bench.store.failures.keys()];
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5/);
  });

  it('is not dead-lettered a second time when it is delivered again', async () => {
    await bench.run([named('bad', ID)]);
    await bench.run([named('bad', ID)]);
    expect(bench.seen).toHaveLength(3);
    expect(bench.deadLetters()).toEqual(['EXHAUSTED']);
    expect(bench.terminal).toEqual([0, 0]);
  });

  it('is not dead-lettered a second time when it is poison that is delivered again', async () => {
    const poison = { ...named('bad', ID), value: null };
    await bench.run([poison]);
    await bench.run([poison]);
    expect(bench.deadLetters()).toEqual(['DECODE']);
    expect(bench.terminal).toEqual([0, 0]);
  });

  it.each([
    ['before the dead letter', 'send', 'before', 1],
    ['after the dead letter', 'send', 'after', 2],
    ['before the acknowledgement', 'acknowledgeFailure', 'before', 2],
  ] as const)('is completed by the next delivery when a crash came %s', async (_, step, when, letters) => {
    crashAt(step, when);
    await expect(bench.run([named('bad', ID)])).rejects.toBeInstanceOf(AbandonedError);
    expect(bench.terminal).toEqual([]);
    expect(bench.store.failures.get(ID)).toMatchObject({ state: 'dying', acknowledged: false });
    const next = nextProcess();
    await next.run([named('bad', ID), named('good')]);
    expect(next.seen).toEqual(['good']);
    expect(bench.deadLetters().length + next.deadLetters().length).toBe(letters);
    expect(next.deadLetters()).toEqual(['EXHAUSTED']);
    expect(next.store.failures.get(ID)).toMatchObject({ state: 'dead', acknowledged: true });
    expect(next.terminal.sort()).toEqual([0, 1]);
  });

  it('is skipped by the next delivery when a crash came after the acknowledgement', async () => {
    crashAt('acknowledgeFailure', 'after');
    await bench.run([named('bad', ID)]);
    const next = nextProcess();
    await next.run([named('bad', ID)]);
    expect(next.seen).toEqual([]);
    expect(next.deadLetters()).toEqual([]);
    expect(next.terminal).toEqual([0]);
  });

  it('waits with everything else while the broker is away, and is terminal only afterwards', async () => {
    const running = bench.begin([named('bad', ID)]);
    bench.broker.down = true;
    await bench.clock.advance(30_000);
    expect(bench.gate.reason).toBe('KafkaJSConnectionError');
    expect(bench.terminal).toEqual([]);
    expect(bench.store.failures.get(ID)).toMatchObject({ state: 'dying', acknowledged: false });
    bench.broker.down = false;
    await bench.clock.runUntil(running);
    expect(bench.deadLetters()).toEqual(['EXHAUSTED']);
    expect(bench.terminal).toEqual([0]);
  });

  it('waits while the database is away between two of its steps', async () => {
    let away = true;
    bench.store.onStep = (step) => {
      bench.journal.push(step);
      if (away && (step === 'acknowledgeFailure' || step === 'probe')) throw new Error('read-only');
    };
    const running = bench.begin([named('bad', ID)]);
    await bench.clock.advance(30_000);
    expect(bench.terminal).toEqual([]);
    away = false;
    await bench.clock.runUntil(running);
    expect(bench.deadLetters()).toEqual(['EXHAUSTED']);
    expect(bench.store.failures.get(ID)).toMatchObject({ state: 'dead', acknowledged: true });
  });

  it('leaves no dead letter behind when the consumer stops during the hold', async () => {
    const running = bench.begin([named('bad', ID)]);
    bench.broker.down = true;
    await bench.clock.advance(30_000);
    const outcome = expect(running).rejects.toBeInstanceOf(AbandonedError);
    bench.stopped.abort();
    await outcome;
    expect(bench.deadLetters()).toEqual([]);
    expect(bench.terminal).toEqual([]);
  });

  it('is published by nobody once its partition is lost', async () => {
    bench.store.onStep = (step) => {
      if (step === 'recordFailure') bench.lost.abort();
    };
    await expect(bench.run([named('bad', ID)])).rejects.toBeInstanceOf(AbandonedError);
    expect(bench.deadLetters()).toEqual([]);
  });

  it('tells less of itself when the broker finds it too large', async () => {
    const sizes: boolean[] = [];
    bench.broker.onSend = ([letter]) => {
      sizes.push('x-error-stack' in (letter?.headers ?? {}));
      const tooLarge = Object.assign(new Error('too large'), { type: 'MESSAGE_TOO_LARGE' });
      if ('x-error-message' in (letter?.headers ?? {})) {
        throw Object.assign(new Error('retries'), {
          name: 'KafkaJSNumberOfRetriesExceeded',
          cause: tooLarge,
        });
      }
    };
    await bench.run([named('bad', ID)]);
    expect(sizes).toEqual([true, false, false]);
    expect(bench.broker.records(DEAD_LETTERS)[0]?.headers).toHaveProperty('x-error-class', 'RetryableError');
    expect(bench.terminal).toEqual([0]);
  });

  it('does not die when another owner has applied its effect meanwhile', async () => {
    bench.behave = () => {
      bench.store.markDone(ID);
      throw new FatalError('never');
    };
    await bench.run([named('bad', ID)]);
    expect(bench.deadLetters()).toEqual([]);
    expect(bench.terminal).toEqual([0]);
  });

  it('is held, not dead, while the broker only refuses the connection of its dead letter', async () => {
    let refusals = 20;
    bench.broker.onSend = () => {
      if (refusals-- > 0) throw connectionError();
    };
    await bench.run([named('bad', ID)]);
    expect(bench.deadLetters()).toEqual(['EXHAUSTED']);
    expect(bench.seen).toHaveLength(3);
  });
});
