import { OutboxTable1 } from '@millrace/outbox';
import type { MigrationClass } from '@millrace/persistence';
import { CreateOrders1790000000000 } from './create-orders-1790000000000.migration.js';

/** Migrations of the order schema, oldest first. */
export const migrations: readonly MigrationClass[] = [OutboxTable1, CreateOrders1790000000000];
