import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Clock } from '@millrace/messaging';
import { Transactions } from '@millrace/persistence';
import { logger, observeStockDifferences } from '@millrace/telemetry';
import { InventoryConfig } from '../inventory.config.js';
import { HOLD_CLOCK } from '../lifecycle/hold-sweeper.js';
import { FIND_DIFFERENCES, type StockDifference } from '../store/reconcile.sql.js';

/** SKUs that a warning names at most. */
const NAMED = 5;

const log = logger('inventory.reconciler');

/** Compares stock, ledger and reservations now and then, and shows how many SKUs differ as a metric. */
@Injectable()
export class Reconciler implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private ended: Promise<void> = Promise.resolve();
  private differing: number | undefined;

  constructor(
    private readonly transactions: Transactions,
    private readonly config: InventoryConfig,
    @Inject(HOLD_CLOCK) private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    const forget = observeStockDifferences(() => this.differing);
    this.ended = this.run().finally(forget);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.ended;
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

  /** The first look comes after the first pause: a start must not wait for it, nor repeat it in every process at once. */
  private async run(): Promise<void> {
    const { signal } = this.stopping;
    for (;;) {
      await this.clock.sleep(this.config.reconcileEveryMs, signal);
      if (signal.aborted) return;
      await this.reconcile().catch((error: unknown) =>
        log.warn({ err: error }, 'stock could not be reconciled; the next look repeats it'),
      );
    }
  }
}
