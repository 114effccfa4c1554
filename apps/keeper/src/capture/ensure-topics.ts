import type { TopicSpecification } from '@millrace/contracts';
import { CaptureError } from './capture.error.js';

/** What is asked of Kafka; `KafkaAdmin` of @millrace/messaging does it. */
export interface TopicAdmin {
  /** Names of all topics. */
  topics(): Promise<readonly string[]>;
  /** Creates the topics that do not exist yet and returns their names. */
  createTopics(specifications: readonly TopicSpecification[]): Promise<readonly string[]>;
}

/** Creates the topics that are missing, returns their names, and makes sure that all are there afterwards. */
export async function ensureTopics(
  admin: TopicAdmin,
  wanted: readonly TopicSpecification[],
): Promise<readonly string[]> {
  const created = await admin.createTopics(wanted);
  const present = new Set(await admin.topics());
  const missing = wanted.filter(({ name }) => !present.has(name)).map(({ name }) => name);
  if (missing.length === 0) return created;
  throw new CaptureError(
    `Kafka does not list ${missing.join(', ')} after creating them: look at the brokers' log, then run this again.`,
  );
}
