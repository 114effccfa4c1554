import { schemaTypes } from '@millrace/contracts';
import { Type, type Static } from 'typebox';

const EventStateName = Type.Enum(['done', 'parked', 'retrying', 'dying', 'dead', 'resolved', 'unknown']);

/** Id of an event: `ce_id`. */
export const EventId = schemaTypes.Uuid();

/** Where one event stands in this service's group. */
export const EventAnswer = Type.Object({
  group: Type.String(),
  eventId: schemaTypes.Uuid(),
  state: EventStateName,
  processedAt: Type.Optional(schemaTypes.Instant()),
  attempts: Type.Optional(Type.Integer()),
  reason: Type.Optional(Type.String()),
});

/** Question about many events at once. */
export const StatesQuestion = Type.Object(
  { ids: Type.Array(schemaTypes.Uuid(), { maxItems: 1_000 }) },
  { additionalProperties: false },
);

/** Question about many events at once. */
export type StatesQuestion = Static<typeof StatesQuestion>;

/** States of many events, in the order asked. */
export const StatesAnswer = Type.Object({
  items: Type.Array(Type.Object({ eventId: schemaTypes.Uuid(), state: EventStateName })),
});
