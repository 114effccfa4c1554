import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { systemClock, type Clock } from '@millrace/messaging';
import { logger } from '@millrace/telemetry';
import { OrderLifecycle } from './order-lifecycle.js';

/** Token of the clock that deadlines are measured with. */
export const LIFECYCLE_CLOCK: unique symbol = Symbol('lifecycle clock');

/** Pause between two looks, milliseconds. */
export const SWEEP_EVERY_MS = 1_000;

/** Orders of one transaction. */
const SWEEP_ORDERS = 200;

const log = logger('order.deadlines');

/** Expires orders whose checks did not come in time, every second; several processes share the work. */
@Injectable()
export class DeadlineSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private ended: Promise<void> = Promise.resolve();

  constructor(
    private readonly lifecycle: OrderLifecycle,
    @Inject(LIFECYCLE_CLOCK) private readonly clock: Clock = systemClock,
  ) {}

  onApplicationBootstrap(): void {
    this.ended = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.ended;
  }

  /** Expires everything that is due now; resolves with how many orders. */
  async sweep(): Promise<number> {
    let total = 0;
    for (;;) {
      const expired = await this.lifecycle.expireDue(new Date(this.clock.now()), SWEEP_ORDERS);
      total += expired;
      if (expired < SWEEP_ORDERS || this.stopping.signal.aborted) return total;
    }
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.sweep().then(
        (expired) => expired > 0 && log.info({ expired }, 'orders expired'),
        (error: unknown) => log.warn({ err: error }, 'due orders not expired; the next look repeats it'),
      );
      await this.clock.sleep(SWEEP_EVERY_MS, signal);
    }
  }
}
