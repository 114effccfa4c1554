import { differencesText, findDifferences } from './reconcile/reconcile-stock.js';

try {
  const found = await findDifferences();
  process.stdout.write(differencesText(found));
  if (found.length > 0) process.exitCode = 1;
} catch (error) {
  process.stderr.write(
    `inventory could not be reconciled: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = 2;
}
