import 'reflect-metadata';
import { setTimeout as pause } from 'node:timers/promises';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { OrderCreated, schemaOf } from '@millrace/contracts';
import {
  createKafkaBroker,
  EventConsumer,
  KafkaEventServer,
  OnEvent,
  type Broker,
  type EventBatch,
  type EventContext,
} from '@millrace/messaging';
import { createDataSource } from '@millrace/persistence';
import { contest } from '../harness/contestant-process.js';
import type { DrainMeasure, DrainTask } from './drain-task.js';
import { DrainWatch } from './drain-watch.js';
import { WatchedStore } from './watched-store.js';

contest(drain);

/** Our side: a Nest microservice on the transport strategy with all its defaults, and an effect that does nothing. */
async function drain(task: DrainTask): Promise<DrainMeasure> {
  const watch = await DrainWatch.ready(task);
  const dataSource = createDataSource({
    url: task.database,
    schema: schemaOf(task.group),
    poolSize: task.poolSize,
    applicationName: 'bench',
  });
  await dataSource.initialize();
  const store = new WatchedStore(dataSource, watch);
  const broker = createKafkaBroker({ clientId: task.group, brokers: [task.kafka] });
  tellOfRecords(broker, watch);
  const server = new KafkaEventServer({
    options: { group: task.group, ordering: 'key' },
    broker,
    store,
    onFatal: (error) => {
      throw error;
    },
  });
  const app = await NestFactory.createMicroservice(moduleOf(task, store), {
    strategy: server,
    logger: ['error'],
  });
  await app.listen();
  await watch.drained;
  await app.close();
  await dataSource.destroy();
  return watch.measure();
}

function moduleOf({ group, slow }: DrainTask, store: WatchedStore): new () => object {
  @EventConsumer({ group, ordering: 'key' })
  class NothingConsumer {
    @OnEvent(OrderCreated)
    async take({ events }: EventBatch<OrderCreated>, { tx }: EventContext): Promise<void> {
      if (events[0]?.partition === slow?.partition) await pause(slow?.perBatchMs);
      store.note(tx, events);
    }
  }
  @Module({ controllers: [NothingConsumer] })
  class NothingModule {}
  return NothingModule;
}

/** The stopwatch starts with the first records that reach the runtime, before it decodes them. */
function tellOfRecords(broker: Broker, watch: DrainWatch): void {
  const consumer = broker.consumer.bind(broker);
  broker.consumer = (settings, listener) => {
    const onRecords = listener.onRecords.bind(listener);
    listener.onRecords = (fetched) => {
      watch.fetched();
      onRecords(fetched);
    };
    return consumer(settings, listener);
  };
}
