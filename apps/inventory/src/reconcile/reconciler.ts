import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@millrace/messaging';
import { Transactions } from '@millrace/persistence';
import { RecurringWork } from '@millrace/service/module';
import { logger, observeStockDifferences } from '@millrace/telemetry';
import { InventoryConfig } from '../inventory.config.js';
import { HOLD_CLOCK } from '../lifecycle/hold-sweeper.js';
import { FIND_DIFFERENCES, type StockDifference } from '../store/reconcile.sql.js';

/** SKUs that a warning names at most. */
const NAMED = 5;

const log = logger('inventory.reconciler');

/** Compares stock, ledger and reservations now and then, and shows how many SKUs differ as a metric. */
@Injectable()
export class Reconciler extends RecurringWork {
  private differing: number | undefined;
  private forgetMetric: (() => void) | undefined;

  /** The first look comes after a pause: a start must not wait for it, nor repeat it in every process at once. */
  constructor(
    private readonly transactions: Transactions,
    config: InventoryConfig,
    @Inject(HOLD_CLOCK) clock: Clock,
  ) {
    const failure = 'stock could not be reconciled';
    super({ everyMs: config.reconcileEveryMs, clock, log, failure, first: 'after-pause' });
  }

  override onApplicationBootstrap(): void {
    this.forgetMetric = observeStockDifferences(() => this.differing);
    super.onApplicationBootstrap();
  }

  override async beforeApplicationShutdown(): Promise<void> {
    await super.beforeApplicationShutdown();
    this.forgetMetric?.();
  }

  /** Looks once; resolves with the SKUs that differ. */
  async reconcile(): Promise<readonly StockDifference[]> {
    const found = await this.transactions.read<StockDifference>(FIND_DIFFERENCES);
    this.differing = found.length;
    if (found.length > 0) {
      const skus = found.slice(0, NAMED).map(({ sku }) => sku);
      log.error({ differing: found.length, skus }, 'stock is not what ledger and reservations add up to');
    }
    return found;
  }

  protected override async look(): Promise<void> {
    await this.reconcile();
  }
}
