import { heartbeatTopic, topicsOf, type ServiceTopology } from '@millrace/contracts';
import type { ClientBase } from 'pg';
import { ensurePartitions } from '../partitions/ensure-partitions.js';
import { daysToKeep, partitionedTables } from '../partitions/partition-plan.js';
import { withSessionLock } from '../store/keeper-lock.js';
import { grantReading } from '../store/schema-store.js';
import { outboxesOf, PUBLICATION } from './capture-names.js';
import { ensurePublication, type Change } from './ensure-publication.js';
import { ensureSlot } from './ensure-slot.js';
import { ensureTopics, type TopicAdmin } from './ensure-topics.js';

/** What capture is prepared for. */
export interface CaptureOptions {
  readonly services: readonly ServiceTopology[];
  /** Role that the connector logs in as. */
  readonly captureRole: string;
  readonly slot: string;
  /** The connector's `topic.prefix`. */
  readonly topicPrefix: string;
  /** Milliseconds since the epoch: partitions are made around this day. */
  readonly now: number;
}

/** What was done. */
export interface CaptureReport {
  readonly partitions: readonly string[];
  readonly publication: Change;
  readonly slot: Change;
  readonly topics: readonly string[];
}

/**
 * Makes everything that the connector needs and must not make itself, in this order: day partitions, rights on the
 * outboxes, publication, slot, topics. Throws `MissingTableError` when a service's migrations have not run.
 */
export function prepareCapture(
  client: ClientBase,
  admin: TopicAdmin,
  options: CaptureOptions,
): Promise<CaptureReport> {
  const { services, captureRole, slot, topicPrefix, now } = options;
  return withSessionLock(client, async () => {
    const partitions = await ensurePartitions(client, partitionedTables(services), daysToKeep(now));
    const outboxes = outboxesOf(services);
    for (const { schema, name } of outboxes) await grantReading(client, schema, name, captureRole);
    // pgoutput looks for the publication in the past of the slot: it must be there first
    const publication = await ensurePublication(client, PUBLICATION, outboxes);
    const slotChange = await ensureSlot(client, slot);
    const topics = await ensureTopics(admin, [...topicsOf(services), heartbeatTopic(topicPrefix)]);
    return { partitions, publication, slot: slotChange, topics };
  });
}
