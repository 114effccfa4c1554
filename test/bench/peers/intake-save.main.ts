import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { SaveController } from './intake-save.controller.js';
import { SavedEvent, SavedOrder, SavedOrderLine } from './intake-save.entities.js';

const dataSource = new DataSource({
  type: 'postgres',
  url: process.env['DATABASE_URL'] ?? '',
  schema: process.env['DATABASE_SCHEMA'] ?? '',
  entities: [SavedOrder, SavedOrderLine, SavedEvent],
  poolSize: Number(process.env['DATABASE_POOL_SIZE']),
});
await dataSource.initialize();

@Module({
  controllers: [SaveController],
  providers: [{ provide: DataSource, useValue: dataSource }],
})
class SaveModule {}

const app = await NestFactory.create<NestFastifyApplication>(SaveModule, new FastifyAdapter(), {
  logger: ['error'],
});
app.enableShutdownHooks(['SIGTERM'], { useProcessExit: true });
await app.listen(Number(process.env['PORT']), '127.0.0.1');
