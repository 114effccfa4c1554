import { setTimeout as pause } from 'node:timers/promises';
import { consumerView, type ViewData } from '@millrace/contracts';
import {
  EventConsumer,
  FatalError,
  OnEvent,
  RetryableError,
  type EventBatch,
  type EventContext,
} from '@millrace/messaging';
import { referenceDefinition } from './reference-event.js';
import { referenceOptions, type ReferenceSettings } from './reference-settings.js';
import {
  behavioursOf,
  insertEffects,
  spendBehaviour,
  type BehaviourRow,
  type RunStatement,
} from './reference-tables.js';

/** The part of an order that the reference consumer reads. */
interface ReferenceData {
  readonly orderId: string;
  readonly customerId: string;
  readonly totalMinor: number;
}

/** Treats a batch as its behaviours say; an event fails its batch, but uses its failures up only when it is alone. */
async function behave(
  batch: EventBatch<ReferenceData>,
  { tx, signal }: EventContext,
  outside: RunStatement,
): Promise<void> {
  const names = batch.events.map(({ data }) => data.customerId);
  for (const behaviour of await behavioursOf((sql, parameters) => tx.query(sql, parameters), names)) {
    if (behaviour.kind === 'slow') await pause(behaviour.slow_ms ?? 0, undefined, { signal });
    else await fail(behaviour, batch.events.length === 1 && behaviour.times !== null, tx, outside);
  }
}

async function fail(
  { name, kind }: BehaviourRow,
  spend: boolean,
  tx: EventContext['tx'],
  outside: RunStatement,
): Promise<void> {
  if (spend) await spendBehaviour(outside, name);
  if (kind === 'kill') await tx.query('SELECT pg_terminate_backend(pg_backend_pid())');
  if (kind === 'fatal') throw new FatalError('this event can never take effect');
  throw new RetryableError('this event cannot take effect at the moment');
}

/** A consumer class whose effect is a row per event, and whose failures a test steers through a table. */
export function referenceConsumer(settings: ReferenceSettings, outside: RunStatement): new () => object {
  const view = consumerView(referenceDefinition(settings.topic), ['orderId', 'customerId', 'totalMinor']);

  @EventConsumer(referenceOptions(settings))
  class ReferenceConsumer {
    @OnEvent(view)
    async take(batch: EventBatch<ViewData<typeof view> & ReferenceData>, context: EventContext) {
      await behave(batch, context, outside);
      await insertEffects(
        (sql, parameters) => context.tx.query(sql, parameters),
        batch.events.map(({ id, data, partition, offset }) => ({
          event_id: id,
          key: data.orderId,
          seq: data.totalMinor,
          source_partition: partition,
          source_offset: offset.toString(),
        })),
      );
    }
  }
  return ReferenceConsumer;
}
