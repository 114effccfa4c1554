import { describe, expect, it } from '@jest/globals';
import type { Transaction } from '@millrace/messaging';
import { meanwhile } from './meanwhile.js';

/** A connection on which every statement ends when the test says so. */
class SlowConnection implements Transaction {
  readonly asked: string[] = [];
  private readonly waiting: PromiseWithResolvers<void>[] = [];
  private running = 0;

  async query<Row extends object>(sql: string): Promise<Row[]> {
    if ((this.running += 1) > 1) throw new Error(`${sql} was asked while another statement ran`);
    this.asked.push(sql);
    const turn = Promise.withResolvers<void>();
    this.waiting.push(turn);
    await turn.promise.finally(() => (this.running -= 1));
    return [];
  }

  answer(error?: Error): void {
    const turn = this.waiting.shift();
    if (error) turn?.reject(error);
    else turn?.resolve();
  }
}

const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe('work meanwhile', () => {
  it('computes while the statement before runs, and asks only after it', async () => {
    const tx = new SlowConnection();
    let computed = false;
    const first = tx.query('first').then(() => undefined);
    const both = meanwhile(first, tx, async (later) => {
      computed = true;
      await later.query('second');
      return 'done';
    });
    await turn();
    expect({ computed, asked: tx.asked }).toEqual({ computed: true, asked: ['first'] });
    tx.answer();
    await turn();
    expect(tx.asked).toEqual(['first', 'second']);
    tx.answer();
    await expect(both).resolves.toBe('done');
  });

  it('asks nothing when the statement before fails, and tells its error', async () => {
    const tx = new SlowConnection();
    const both = meanwhile(
      tx.query('first').then(() => undefined),
      tx,
      (later) => later.query('second'),
    );
    tx.answer(new Error('refused'));
    await expect(both).rejects.toThrow('refused');
    expect(tx.asked).toEqual(['first']);
  });

  it('that fails is told once the statement before has ended, so that nothing runs on the connection then', async () => {
    const tx = new SlowConnection();
    let ended = false;
    const first = tx.query('first').then(() => void (ended = true));
    const both = meanwhile(first, tx, async () => {
      throw new Error('cannot be encoded');
    });
    await turn();
    tx.answer();
    await expect(both).rejects.toThrow('cannot be encoded');
    expect(ended).toBe(true);
  });
});
