import { beforeEach, describe, expect, it } from '@jest/globals';
import { EventContext, type ReceivedEvent } from '@millrace/messaging';
import { ROOT_CONTEXT } from '@millrace/telemetry';
import { HandlerPlan } from './handler-plan.js';

function event(id: string): ReceivedEvent {
  const place = { topic: 'order.created', partition: 0, offset: 0n, key: null };
  const meta = { type: 'order.created', source: '/millrace/order', occurredAt: new Date(0), causationId: id };
  return { id, ...place, ...meta, data: {}, context: ROOT_CONTEXT, traceId: `trace-${id}` };
}

describe('a plan of failures', () => {
  let plan: HandlerPlan;
  let handled: string[];
  let asked: string[];

  beforeEach(() => {
    plan = new HandlerPlan();
    handled = [];
    asked = [];
  });

  function run(...ids: readonly string[]): Promise<void> {
    const query = async (sql: string) => {
      asked.push(sql);
      return [];
    };
    const work = async () => {
      handled.push(ids.join());
    };
    return plan.run(ids.map(event), new EventContext({ query, write: () => undefined }, 'fraud'), work);
  }

  it('fails a batch after its handler, and uses a failure up only when the event is alone', async () => {
    plan.let('a', { kind: 'fails', times: 1 });
    await expect(run('a', 'b')).rejects.toThrow('cannot take effect now');
    await expect(run('a')).rejects.toThrow('cannot take effect now');
    await run('a');
    expect(handled).toEqual(['a,b', 'a', 'a']);
    expect(plan.callsOf('a').map(({ passed }) => passed)).toEqual([false, false, true]);
    expect(plan.callsOf('b')).toHaveLength(1);
  });

  it('kills the connection, throws what is fatal, and fails everything, until it is mended', async () => {
    plan.let('a', { kind: 'is fatal' });
    plan.let('b', { kind: 'kills its connection' });
    plan.everythingFails = true;
    await expect(run('a')).rejects.toMatchObject({ code: 'FATAL' });
    await expect(run('b')).rejects.toMatchObject({ code: 'RETRYABLE' });
    expect(asked).toEqual(['SELECT pg_terminate_backend(pg_backend_pid())']);
    plan.mend();
    await run('a', 'b');
    expect(asked).toHaveLength(1);
  });

  it('lets an event wait before its handler, and one hang for ever', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    plan.let('a', { kind: 'waits', until: promise });
    plan.let('b', { kind: 'hangs', times: 1 });
    const waiting = run('a');
    void run('b');
    await new Promise(setImmediate);
    expect(handled).toEqual([]);
    resolve();
    await waiting;
    await run('b');
    expect(handled).toEqual(['a', 'b']);
  });

  it('tells the order in which events passed last', async () => {
    await run('c');
    await run('b', 'a');
    await run('c');
    expect(plan.order(['a', 'b', 'c'])).toEqual(['b', 'a', 'c']);
  });
});
