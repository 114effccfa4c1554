import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Transactions } from '@millrace/persistence';
import { logger } from '@millrace/telemetry';
import { OrderConfig } from '../order.config.js';
import { FORGET_KEYS } from '../store/idempotency-key.sql.js';

const EVERY_MS = 3_600_000;

const log = logger('order.idempotency');

/** Forgets, hourly, the Idempotency-Keys that expired; several processes at once do no harm. */
@Injectable()
export class IdempotencyKeeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly transactions: Transactions,
    private readonly config: OrderConfig,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.forgetOrWarn(), EVERY_MS).unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Forgets the keys that expired before that moment, milliseconds since the epoch. */
  async forget(now: number): Promise<void> {
    await this.transactions.read(FORGET_KEYS, [now - this.config.idempotencyTtlMs]);
  }

  private async forgetOrWarn(): Promise<void> {
    try {
      await this.forget(Date.now());
    } catch (error) {
      log.warn({ err: error }, 'expired keys not forgotten; the next hour repeats it');
    }
  }
}
