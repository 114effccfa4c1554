import type { Attributes } from '@opentelemetry/api';

/**
 * Attribute names of OpenTelemetry's semantic conventions 1.45 for messaging, and our own.
 * They are literals because the conventions are still in development and their module is 11,000 lines to load.
 */
export const MessagingAttribute = {
  SYSTEM: 'messaging.system.name',
  OPERATION_NAME: 'messaging.operation.name',
  OPERATION_TYPE: 'messaging.operation.type',
  DESTINATION: 'messaging.destination.name',
  PARTITION: 'messaging.destination.partition.id',
  GROUP: 'messaging.consumer.group.name',
  MESSAGE_ID: 'messaging.message.id',
  KEY: 'messaging.kafka.message.key',
  OFFSET: 'messaging.kafka.offset',
  BATCH_SIZE: 'messaging.batch.message_count',
  ERROR_TYPE: 'error.type',
  /** Marks a span that no sampler drops. */
  KEEP: 'millrace.keep',
  /** Why a record became a dead letter. */
  REASON: 'millrace.dead_letter.reason',
  REPLAY_ID: 'millrace.replay.id',
} as const;

/** The value of `messaging.system.name` everywhere in the fleet. */
export const KAFKA = 'kafka';

/** What spans of a group say of an operation on a topic; further attributes may be added to the answer. */
export function groupAttributes(
  { topic, group }: { readonly topic: string; readonly group: string },
  operation: string,
): Attributes {
  return {
    [MessagingAttribute.SYSTEM]: KAFKA,
    [MessagingAttribute.OPERATION_NAME]: operation,
    [MessagingAttribute.OPERATION_TYPE]: operation,
    [MessagingAttribute.DESTINATION]: topic,
    [MessagingAttribute.GROUP]: group,
  };
}
