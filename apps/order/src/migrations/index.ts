import { OutboxTable1, OutboxTable2 } from '@millrace/outbox';
import { consumerMigrations, type MigrationClass } from '@millrace/persistence';
import { CreateIdempotencyKey1796000000000 } from './create-idempotency-key-1796000000000.migration.js';
import { CreateImportBatch1798000000000 } from './create-import-batch-1798000000000.migration.js';
import { CreateOrderLife1797000000000 } from './create-order-life-1797000000000.migration.js';
import { CreateOrders1790000000000 } from './create-orders-1790000000000.migration.js';

/** Migrations of the order schema, oldest first. */
export const migrations: readonly MigrationClass[] = [
  ...consumerMigrations,
  OutboxTable1,
  OutboxTable2,
  CreateOrders1790000000000,
  CreateIdempotencyKey1796000000000,
  CreateOrderLife1797000000000,
  CreateImportBatch1798000000000,
];
