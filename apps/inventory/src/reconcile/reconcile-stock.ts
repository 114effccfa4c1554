import { schemaOf } from '@millrace/contracts';
import { createDataSource, Transactions } from '@millrace/persistence';
import { FIND_DIFFERENCES, type StockDifference } from '../store/reconcile.sql.js';
import { readReconcileConfig } from './reconcile.config.js';

/** Compares stock, ledger and reservations of the database that the environment names; it only reads. */
export async function findDifferences(environment?: NodeJS.ProcessEnv): Promise<StockDifference[]> {
  const { DATABASE_URL: url } = readReconcileConfig(environment);
  const dataSource = createDataSource({
    url,
    schema: schemaOf('inventory'),
    poolSize: 1,
    applicationName: 'inventory-reconcile',
    statementTimeoutMs: 0,
  });
  await dataSource.initialize();
  try {
    return await new Transactions(dataSource).read<StockDifference>(FIND_DIFFERENCES);
  } finally {
    await dataSource.destroy();
  }
}

/** What the command prints: a line per SKU that differs and a last one that counts them. */
export function differencesText(found: readonly StockDifference[]): string {
  const lines = found.map(
    ({ sku, onHand, reserved, ledgerOnHand, ledgerReserved, held }) =>
      `${sku}: on hand ${onHand ?? 'no row'} (ledger ${ledgerOnHand}), reserved ${reserved ?? 'no row'} (ledger ${ledgerReserved}, orders hold ${held})\n`,
  );
  const end =
    found.length === 0
      ? 'Stock, ledger and reservations agree.'
      : found.length === 1
        ? '1 SKU differs.'
        : `${found.length} SKUs differ.`;
  return `${lines.join('')}${end}\n`;
}
