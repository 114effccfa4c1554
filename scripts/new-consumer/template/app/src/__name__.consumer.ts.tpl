import { consumerView, {{Event}}, type ViewData } from '@millrace/contracts';
import { EventConsumer, EventContext, OnEvent, type EventBatch } from '@millrace/messaging';
import { newestOf } from './domain/{{thing}}.js';
import { keepLatest } from './store/keep-latest.sql.js';

/** What {{name}} reads of {{anAggregate}}. */
export const {{View}} = consumerView({{Event}}, [{{viewFields}}]);

/** Keeps the newest of every {{aggregate}}: one statement per batch. */
@EventConsumer({ group: '{{name}}', ordering: '{{ordering}}' })
export class {{Name}}Consumer {
  @OnEvent({{View}})
  async keep({ events }: EventBatch<ViewData<typeof {{View}}>>, { tx }: EventContext): Promise<void> {
    keepLatest(tx, newestOf({{entries}}));
  }
}
