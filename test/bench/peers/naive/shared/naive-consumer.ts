import 'reflect-metadata';
import { Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Transport, type MicroserviceOptions } from '@nestjs/microservices';
import { DataSource, type EntityTarget, type ObjectLiteral } from 'typeorm';
import { accompany } from '../../../harness/companion-process.js';
import { naiveDataSource } from './naive-data-source.js';
import type { NaiveTask } from './naive-task.js';

/** What makes a service of the naive fleet. */
export interface NaiveConsumer {
  /** Name of the service it is a twin of. */
  readonly service: string;
  readonly controller: Type;
  readonly entities: readonly EntityTarget<ObjectLiteral>[];
}

/** Runs a microservice on Nest's own Kafka transport, as its documentation shows, with TypeORM as a provider. */
export function runNaiveConsumer({ service, controller, entities }: NaiveConsumer): void {
  accompany(async ({ kafka, database, partitionsAtOnce }: NaiveTask) => {
    @Module({
      controllers: [controller],
      providers: [
        { provide: DataSource, useFactory: () => naiveDataSource(database, service, entities).initialize() },
      ],
    })
    class ConsumerModule {}
    const app = await NestFactory.createMicroservice<MicroserviceOptions>(ConsumerModule, {
      transport: Transport.KAFKA,
      options: {
        client: { clientId: service, brokers: [kafka] },
        consumer: { groupId: `naive-${service}`, allowAutoTopicCreation: false },
        subscribe: { fromBeginning: true },
        run: { partitionsConsumedConcurrently: partitionsAtOnce },
      },
      logger: ['error'],
    });
    await app.listen();
    return {
      close: async () => {
        await app.close();
        await app.get(DataSource).destroy();
      },
    };
  });
}
