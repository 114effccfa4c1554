import { OrderBatchEnded, schemaTypes } from '@millrace/contracts';
import { Type, type Static } from 'typebox';
import { batchStates } from '../domain/batch-state.js';

const { batchId, orders, refusedLines, checksum } = OrderBatchEnded.schema.properties;

/** Id in `/batches/:id`. */
export const BatchId = batchId;

const Moment = () => Type.Union([schemaTypes.Instant(), Type.Null()]);

/** An import as far as it has arrived here; `announced` is what its newest end said. */
export const BatchAnswer = Type.Object({
  batchId,
  state: Type.Enum([...batchStates]),
  arrived: Type.Object({ orders, checksum }),
  announced: Type.Union([Type.Object({ orders, refusedLines, checksum }), Type.Null()]),
  begunAt: Moment(),
  endedAt: Moment(),
});

/** An import as far as it has arrived here. */
export type BatchAnswer = Static<typeof BatchAnswer>;
