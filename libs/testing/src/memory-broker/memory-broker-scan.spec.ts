import { beforeEach, describe, expect, it } from '@jest/globals';
import type { BrokerRecord } from '@millrace/messaging';
import { MemoryBroker } from './memory-broker.js';

let broker: MemoryBroker;
let visited: string[];

beforeEach(() => {
  broker = new MemoryBroker();
  broker.createTopic('probe', 3);
  for (const text of ['a', 'b']) broker.append('probe', 0, { value: Buffer.from(text) });
  broker.append('probe', 2, { value: Buffer.from('c') });
  visited = [];
});

async function visit({ value }: BrokerRecord): Promise<'continue'> {
  visited.push(String(value));
  return 'continue';
}

describe('a scan of a topic in memory', () => {
  it('visits every record in the order of its partition, empty ones included', async () => {
    await broker.scan('probe', visit);
    expect(visited).toEqual(['a', 'b', 'c']);
  });

  it('does not visit what is appended after it began', async () => {
    await broker.scan('probe', async (record) => {
      broker.append('probe', 2, { value: Buffer.from('late') });
      return visit(record);
    });
    expect(visited).toEqual(['a', 'b', 'c']);
  });

  it('stops when the visitor says so, fails, or aborts the signal', async () => {
    await broker.scan('probe', async (record) => (await visit(record)) && 'stop');
    expect(visited).toEqual(['a']);
    await expect(broker.scan('probe', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    const stopping = new AbortController();
    const abort = async (record: BrokerRecord) => {
      stopping.abort(new Error('enough'));
      return visit(record);
    };
    await expect(broker.scan('probe', abort, stopping.signal)).rejects.toThrow('enough');
    expect(visited).toEqual(['a', 'a']);
  });

  it('rejects when the broker goes away, and for a topic that does not exist', async () => {
    const away = broker.scan('probe', async (record) => {
      broker.down = true;
      return visit(record);
    });
    await expect(away).rejects.toThrow('broker is away');
    broker.down = false;
    await expect(broker.scan('missing', visit)).rejects.toThrow('missing');
  });
});
