import 'reflect-metadata';
import { createServer } from 'node:http';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { OrderCreated, schemaOf } from '@millrace/contracts';
import {
  createKafkaBroker,
  EventConsumer,
  KafkaEventServer,
  OnEvent,
  type EventBatch,
  type EventContext,
} from '@millrace/messaging';
import { createDataSource, PostgresConsumerStore } from '@millrace/persistence';
import { BENCH_GROUP } from '../backlog/order-backlog.js';
import { LONE_SCHEMA } from './lone-place.js';

/** Our side: a consumer on the runtime with all its defaults, whose effect is to keep the ids of the events. */
@EventConsumer({ group: BENCH_GROUP, ordering: 'key' })
class IdConsumer {
  @OnEvent(OrderCreated)
  async keep({ events }: EventBatch<OrderCreated>, { tx }: EventContext): Promise<void> {
    await tx.query(`INSERT INTO ${LONE_SCHEMA}.effect SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING`, [
      events.map(({ id }) => id),
    ]);
  }
}

@Module({ controllers: [IdConsumer] })
class IdModule {}

const dataSource = createDataSource({
  url: process.env['DATABASE_URL'] ?? '',
  schema: schemaOf(BENCH_GROUP),
  applicationName: 'bench',
});
await dataSource.initialize();
const server = new KafkaEventServer({
  options: { group: BENCH_GROUP, ordering: 'key' },
  broker: createKafkaBroker({ clientId: BENCH_GROUP, brokers: [process.env['KAFKA_BROKERS'] ?? ''] }),
  store: new PostgresConsumerStore(dataSource),
  onFatal: (error) => {
    throw error;
  },
});
const app = await NestFactory.createMicroservice(IdModule, { strategy: server, logger: ['error'] });
await app.listen();
createServer((_, response) => response.end('{}')).listen(Number(process.env['PORT']), '127.0.0.1');
process.once('SIGTERM', () => void app.close().finally(() => process.exit(0)));
