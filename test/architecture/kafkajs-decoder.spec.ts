import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

interface DecodedRecord {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, unknown>>;
}

interface Encoded {
  readonly buffer: Buffer;
}

interface SomeBatch {
  readonly firstOffset: bigint;
  readonly firstTimestamp: number;
  readonly records: readonly object[];
}

type Kafkajs = 'kafkajs' | 'kafkajs-published';

const require = createRequire(import.meta.url);
const load = <Module>(which: Kafkajs, file: string): Module => require(`${which}/src/${file}`) as Module;

const Record = load<(record: object) => Encoded>(
  'kafkajs-published',
  'protocol/recordBatch/record/v0/index.js',
);
const { RecordBatch } = load<{ RecordBatch(batch: object): Promise<Encoded> }>(
  'kafkajs-published',
  'protocol/recordBatch/v0/index.js',
);

/** What a fetch of these bytes gives, by the decoder of one of the two packages. */
async function decoded(which: Kafkajs, bytes: Buffer): Promise<readonly DecodedRecord[]> {
  const Decoder = load<new (bytes: Buffer) => object>(which, 'protocol/decoder.js');
  const decode = load<(decoder: object) => Promise<{ records: readonly DecodedRecord[] }>>(
    which,
    'protocol/recordBatch/v0/decoder.js',
  );
  const { records } = await decode(new Decoder(bytes));
  return records.map(({ offset, timestamp, key, value, headers }) => ({
    offset,
    timestamp,
    key,
    value,
    headers,
  }));
}

async function encoded({ firstOffset, firstTimestamp, records }: SomeBatch): Promise<Buffer> {
  const Long = load<{ fromValue(value: bigint): object }>('kafkajs-published', 'utils/long.js');
  const { buffer } = await RecordBatch({
    firstOffset: Long.fromValue(firstOffset),
    firstTimestamp,
    records: records.map((record) => Record(record)),
  });
  return buffer;
}

const bytes = () => fc.uint8Array({ maxLength: 40 }).map((some) => Buffer.from(some));
/** The published decoder finds names of Object's own methods in every record; those are looked at below. */
const name = () => fc.string({ minLength: 1, maxLength: 12 }).filter((text) => !(text in {}));

const someRecord = fc.record({
  offsetDelta: fc.nat({ max: 1_000_000 }),
  timestampDelta: fc.oneof(fc.nat({ max: 70 }), fc.nat(), fc.maxSafeNat(), fc.integer({ min: -500, max: 0 })),
  key: fc.option(bytes()),
  value: fc.option(bytes()),
  headers: fc.dictionary(name(), fc.oneof(bytes(), fc.array(bytes(), { minLength: 2, maxLength: 3 })), {
    maxKeys: 12,
  }),
});

const someBatch: fc.Arbitrary<SomeBatch> = fc.record({
  firstOffset: fc.bigInt({ min: 0n, max: 2n ** 62n }),
  firstTimestamp: fc.nat({ max: 4_102_444_800_000 }),
  records: fc.array(someRecord, { maxLength: 8 }),
});

describe('the patched record decoder of kafkajs', () => {
  it('reads what the published one reads', async () => {
    await fc.assert(
      fc.asyncProperty(someBatch, async (batch) => {
        const written = await encoded(batch);
        expect(await decoded('kafkajs', written)).toEqual(await decoded('kafkajs-published', written));
      }),
    );
  });

  it('keeps headers that are named like members of every object', async () => {
    const headers = Object.fromEntries(
      ['__proto__', 'constructor', 'toString'].map((header) => [header, Buffer.from(header)]),
    );
    Object.defineProperty(headers, '__proto__', { value: Buffer.from('p'), enumerable: true });
    const record = { key: null, value: null, headers };
    const [read] = await decoded(
      'kafkajs',
      await encoded({ firstOffset: 0n, firstTimestamp: 0, records: [record] }),
    );
    const entries = Object.entries(read?.headers ?? {}).map(([header, value]) => [header, String(value)]);
    expect(entries.toSorted()).toEqual([
      ['__proto__', 'p'],
      ['constructor', 'constructor'],
      ['toString', 'toString'],
    ]);
    expect(Object.getPrototypeOf(read?.headers)).toBe(Object.prototype);
  });
});

describe('the patched batch of kafkajs', () => {
  it('leaves out what lies before the offset that was asked for', () => {
    const Batch = load<
      new (topic: string, offset: string, data: object) => { messages: { offset: string }[] }
    >('kafkajs', 'consumer/batch.js');
    const from = (offset: string) => {
      const messages = ['9', '10', '11'].map((each) => ({ offset: each, key: null, isControlRecord: false }));
      return new Batch('t', offset, { partition: 0, messages }).messages.map((message) => message.offset);
    };
    expect([from('0'), from('10'), from('12')]).toEqual([['9', '10', '11'], ['10', '11'], []]);
  });
});
