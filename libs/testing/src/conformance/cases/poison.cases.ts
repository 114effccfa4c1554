import { expect } from '@jest/globals';
import { EventHeader } from '@millrace/contracts';
import { RuntimeHeader } from '@millrace/messaging';
import type { ConformanceBench, ConformanceEvent } from '../conformance-bench.js';
import { clause } from './conformance-case.js';

type Break = (event: ConformanceEvent) => ConformanceEvent['record'];

function poison(reason: 'DECODE' | 'CONTRACT', spoil: Break) {
  return async (bench: ConformanceBench): Promise<void> => {
    const [before, spoiled, after] = bench.events(3);
    if (!before || !spoiled || !after) return;
    const record = spoil(spoiled);
    await bench.start();
    await bench.produce(before, { ...spoiled, record }, after);
    await bench.takesEffect(before, after);
    await bench.catchesUp();
    const letters = await bench.deadLetters();
    expect(letters).toHaveLength(1);
    const [letter] = letters;
    expect(letter?.value).toEqual(record.value);
    expect(letter?.key).toEqual(record.key);
    expect(letter?.partition).toBe(record.partition);
    expect(String(letter?.headers[RuntimeHeader.errorReason])).toBe(reason);
    expect(letter?.headers[EventHeader.id]).toEqual(record.headers[EventHeader.id]);
    expect(await bench.database.rows('SELECT state, acked, reason FROM failed_event')).toEqual([
      { state: 'dead', acked: true, reason },
    ]);
    expect(bench.plan.callsOf(spoiled.id)).toEqual([]);
    expect(await bench.effectsOf(spoiled)).toEqual([]);
  };
}

const notJson: Break = ({ record }) => ({ ...record, value: Buffer.from([0xff, 0x00, 0x7b, 0xfe]) });

const withoutId: Break = ({ record }) => {
  const { [EventHeader.id]: _id, ...headers } = record.headers;
  return { ...record, headers };
};

const withoutFields: Break = ({ record }) => ({ ...record, value: Buffer.from('{}') });

/** What becomes of a record that can never be handled. */
export const poisonCases = [
  clause('poison bytes are a dead letter with their bytes', poison('DECODE', notJson)),
  clause('a record without an id is a dead letter', poison('DECODE', withoutId)),
  clause('a contract violation is a dead letter', poison('CONTRACT', withoutFields)),
];
