import { createDataSource } from '@millrace/persistence';
import { CreateTotal1790000000001 } from '../../../../apps/analytics/src/migrations/create-total.migration.js';
import { CreateCustomerOrders1790000000001 } from '../../../../apps/feature-store/src/migrations/create-customer-orders.migration.js';
import { CreateAssessment1790000000001 } from '../../../../apps/fraud/src/migrations/create-assessment.migration.js';
import { CreateCustomerActivity1790000000002 } from '../../../../apps/fraud/src/migrations/create-customer-activity.migration.js';
import { CreateReservation1790000000002 } from '../../../../apps/inventory/src/migrations/create-reservation.migration.js';
import { CreateStock1790000000001 } from '../../../../apps/inventory/src/migrations/create-stock.migration.js';
import { CreateNotification1790000000001 } from '../../../../apps/notification/src/migrations/create-notification.migration.js';
import { CreateOrders1790000000000 } from '../../../../apps/order/src/migrations/create-orders-1790000000000.migration.js';
import type { MigrationInterface } from 'typeorm';
import { naiveSchema } from './shared/naive-data-source.js';

/** The tables of our services' first versions, so that both sides write the same rows into the same indexes. */
const TABLES: Readonly<Record<string, readonly (new () => MigrationInterface)[]>> = {
  order: [CreateOrders1790000000000],
  analytics: [CreateTotal1790000000001],
  notification: [CreateNotification1790000000001],
  fraud: [CreateAssessment1790000000001, CreateCustomerActivity1790000000002],
  inventory: [CreateStock1790000000001, CreateReservation1790000000002],
  'feature-store': [CreateCustomerOrders1790000000001],
};

const PROCESSED_MESSAGE = `
  CREATE TABLE processed_message (
    message_id   uuid        PRIMARY KEY,
    processed_at timestamptz NOT NULL DEFAULT now()
  )`;

/** As Debezium's documentation of the outbox event router has it. */
const OUTBOX = `
  CREATE TABLE outbox (
    id            uuid         PRIMARY KEY,
    aggregatetype varchar(255) NOT NULL,
    aggregateid   varchar(255) NOT NULL,
    type          varchar(255) NOT NULL,
    payload       jsonb
  )`;

/** Makes the schemas of the naive fleet anew; `url` is the superuser's. */
export async function createNaiveTables(url: string): Promise<void> {
  for (const [service, migrations] of Object.entries(TABLES)) {
    const schema = naiveSchema(service);
    const dataSource = createDataSource({ url, schema, applicationName: 'bench' });
    await dataSource.initialize();
    const runner = dataSource.createQueryRunner();
    try {
      await runner.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
      await runner.query(`CREATE SCHEMA ${schema}`);
      for (const Migration of migrations) await new Migration().up(runner);
      await runner.query(PROCESSED_MESSAGE);
      await runner.query(OUTBOX);
    } finally {
      await runner.release();
      await dataSource.destroy();
    }
  }
}

/** Removes them. */
export async function dropNaiveTables(url: string): Promise<void> {
  const dataSource = createDataSource({ url, schema: 'public', applicationName: 'bench' });
  await dataSource.initialize();
  try {
    for (const service of Object.keys(TABLES))
      await dataSource.query(`DROP SCHEMA IF EXISTS ${naiveSchema(service)} CASCADE`);
  } finally {
    await dataSource.destroy();
  }
}
