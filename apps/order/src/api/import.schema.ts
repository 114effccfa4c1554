import { OrderBatchEnded } from '@millrace/contracts';
import { Type, type Static } from 'typebox';

const { batchId, orders, refusedLines, checksum } = OrderBatchEnded.schema.properties;

/** Answer of `POST /orders/import`. */
export const ImportAnswer = Type.Object({
  batchId,
  /** Orders of the batch that exist, whichever import placed them. */
  orders,
  /** Orders that this import placed. */
  created: Type.Integer({ minimum: 0 }),
  refusedLines,
  /** The first 10,000 refused lines by number, each with at most five errors. */
  refused: Type.Array(
    Type.Object({
      line: Type.Integer({ minimum: 1 }),
      errors: Type.Array(Type.Object({ path: Type.String(), message: Type.String() })),
    }),
  ),
  /** True when more lines were refused than are listed. */
  refusedCut: Type.Boolean(),
  /** Sum and exclusive or of the hashes of all orders of the batch, as `order.batch.ended` has them. */
  checksum,
});

/** Answer of `POST /orders/import`. */
export type ImportAnswer = Static<typeof ImportAnswer>;
