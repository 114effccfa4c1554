import { schemaTypes } from '@millrace/contracts';
import { Type } from 'typebox';

/** Key of a record as text. */
export const OrderingKey = Type.String({ minLength: 1, maxLength: 100 });

/** The dead events whose block has ended, one per topic, and how many events waited behind each. */
export const EndedBlocks = Type.Object({
  items: Type.Array(
    Type.Object({
      topic: Type.String(),
      partition: Type.Integer({ minimum: 0 }),
      eventId: schemaTypes.Uuid(),
      waiting: Type.Integer({ minimum: 0 }),
    }),
  ),
});
