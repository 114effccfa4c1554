import { Type, type Static } from 'typebox';
import { defineEvent } from '../event-definition.js';
import { Instant } from '../schema-types.js';

const BatchId = () => Type.String({ minLength: 1, maxLength: 64 });
const Count = () => Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
/** 64 bits as 16 hexadecimal digits. */
const Bits64 = () => Type.String({ pattern: '^[0-9a-f]{16}$' });

const begun = Type.Object({ batchId: BatchId(), begunAt: Instant() }, { additionalProperties: false });

const ended = Type.Object(
  {
    batchId: BatchId(),
    orders: Count(),
    refusedLines: Count(),
    checksum: Type.Object({ sum: Bits64(), xor: Bits64() }, { additionalProperties: false }),
    endedAt: Instant(),
  },
  { additionalProperties: false },
);

/** Both events of a batch lie on one topic, so that its end never comes before its beginning. */
const common = {
  version: 1,
  topic: 'order.batch',
  aggregate: 'order-batch',
  key: 'batchId',
  owner: 'order',
  freshnessMs: 5_000,
  personalData: [],
} as const;

/** Payload of `order.batch.begun` v1. */
export type OrderBatchBegun = Static<typeof begun>;

/** `order.batch.begun` v1: an import has begun; its orders carry the same `batchId`. */
export const OrderBatchBegun = defineEvent(begun, {
  ...common,
  type: 'order.batch.begun',
  summary: 'An import of orders has begun.',
  examples: [{ batchId: 'nightly-2026-03-01', begunAt: '2026-03-01T02:00:00.000Z' }],
});

/** Payload of `order.batch.ended` v1. */
export type OrderBatchEnded = Static<typeof ended>;

/**
 * `order.batch.ended` v1: an import was read to its end. `orders` are those of the batch that exist, with the sum and
 * the exclusive or of their hashes (`BatchChecksum`); a batch without this event is incomplete.
 */
export const OrderBatchEnded = defineEvent(ended, {
  ...common,
  type: 'order.batch.ended',
  summary: 'An import of orders was read to its end.',
  examples: [
    {
      batchId: 'nightly-2026-03-01',
      orders: 2,
      refusedLines: 1,
      checksum: { sum: '00000000000000ff', xor: '00000000000000f0' },
      endedAt: '2026-03-01T02:00:04.100Z',
    },
  ],
});
