import { EventHeader } from '@millrace/contracts';
import { KafkaContext } from '@nestjs/microservices';
import type { DataSource, EntityManager } from 'typeorm';
import { ProcessedMessage } from './processed-message.entity.js';

/**
 * The idempotent consumer as everybody writes it: one transaction per message, which first enters the message's id
 * and does nothing when it is known.
 */
export async function oncePerMessage(
  dataSource: DataSource,
  context: unknown,
  effect: (manager: EntityManager, messageId: string) => Promise<void>,
): Promise<void> {
  if (!(context instanceof KafkaContext)) throw new TypeError('this is no message of Kafka');
  const messageId = String(context.getMessage().headers?.[EventHeader.id]);
  await dataSource.transaction(async (manager) => {
    const entered = await manager
      .createQueryBuilder()
      .insert()
      .into(ProcessedMessage)
      .values({ messageId })
      .orIgnore()
      .returning('message_id')
      .execute();
    if ((entered.raw as unknown[]).length === 1) await effect(manager, messageId);
  });
}
