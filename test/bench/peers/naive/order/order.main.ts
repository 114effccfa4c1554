import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { accompany } from '../../../harness/companion-process.js';
import { naiveDataSource } from '../shared/naive-data-source.js';
import type { NaiveTask } from '../shared/naive-task.js';
import { OutboxMessage } from '../shared/outbox.entity.js';
import { NaiveOrder, NaiveOrderLine } from './order.entities.js';
import { OrdersController } from './orders.controller.js';

accompany(async ({ database }: NaiveTask) => {
  const entities = [OutboxMessage, NaiveOrder, NaiveOrderLine];
  @Module({
    controllers: [OrdersController],
    providers: [
      { provide: DataSource, useFactory: () => naiveDataSource(database, 'order', entities).initialize() },
    ],
  })
  class OrderModule {}
  const app = await NestFactory.create<NestFastifyApplication>(OrderModule, new FastifyAdapter(), {
    logger: ['error'],
  });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  return {
    answer: () => url,
    close: async () => {
      await app.close();
      await app.get(DataSource).destroy();
    },
  };
});
