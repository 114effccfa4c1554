import { OutboxTable1, OutboxTable2 } from '@millrace/outbox';
import { consumerMigrations, type MigrationClass } from '@millrace/persistence';
import { CreateReservation1790000000002 } from './create-reservation.migration.js';
import { CreateStock1790000000001 } from './create-stock.migration.js';
import { HoldLife1799000000001 } from './hold-life-1799000000001.migration.js';
import { StockWatch1799000000002 } from './stock-watch-1799000000002.migration.js';

/** Every migration of the inventory schema, oldest first. */
export const migrations: readonly MigrationClass[] = [
  ...consumerMigrations,
  OutboxTable1,
  OutboxTable2,
  CreateStock1790000000001,
  CreateReservation1790000000002,
  HoldLife1799000000001,
  StockWatch1799000000002,
];
