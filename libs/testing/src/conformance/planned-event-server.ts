import {
  KafkaEventServer,
  type EventBatch,
  type EventContext,
  type KafkaEventServerSettings,
  type ReceivedEvent,
} from '@millrace/messaging';
import { isObservable, lastValueFrom } from 'rxjs';
import type { HandlerPlan } from './handler-plan.js';

type AddHandler = KafkaEventServer['addHandler'];

/** The transport strategy as it is, except that a plan stands between the runtime and the handlers. */
export class PlannedEventServer extends KafkaEventServer {
  constructor(
    settings: KafkaEventServerSettings,
    private readonly plan: HandlerPlan,
  ) {
    super(settings);
  }

  override addHandler(...[pattern, callback, isEvent, extras]: Parameters<AddHandler>): void {
    const planned = (payload: EventBatch | ReceivedEvent, context: EventContext) =>
      this.plan.run('events' in payload ? payload.events : [payload], context, async () => {
        const answer: unknown = await callback(payload, context);
        if (isObservable(answer)) await lastValueFrom(answer, { defaultValue: undefined });
      });
    super.addHandler(pattern, planned, isEvent, extras);
  }
}
