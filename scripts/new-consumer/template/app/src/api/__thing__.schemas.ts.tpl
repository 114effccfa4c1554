import { schemaTypes } from '@millrace/contracts';
import { Type, type Static } from 'typebox';

/** The id of {{anAggregate}} in a path. */
export const {{Key}}Param = {{keySchema}};

/** The newest that is known of {{anAggregate}}, as HTTP tells it. */
export const {{Thing}}Answer = Type.Object({
  {{key}}: {{Key}}Param,
  eventId: schemaTypes.Uuid(),
{{schemaFields}}
});

/** The newest that is known of {{anAggregate}}, as HTTP tells it. */
export type {{Thing}}Answer = Static<typeof {{Thing}}Answer>;
