import { OutboxTable1 } from '@millrace/outbox';
import type { MigrationClass } from '@millrace/persistence';
import { CreateIdempotencyKey1796000000000 } from './create-idempotency-key-1796000000000.migration.js';
import { CreateOrders1790000000000 } from './create-orders-1790000000000.migration.js';

/** Migrations of the order schema, oldest first. */
export const migrations: readonly MigrationClass[] = [
  OutboxTable1,
  CreateOrders1790000000000,
  CreateIdempotencyKey1796000000000,
];
