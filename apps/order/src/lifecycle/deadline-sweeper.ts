import { Inject, Injectable } from '@nestjs/common';
import { systemClock, type Clock } from '@millrace/messaging';
import { RecurringWork } from '@millrace/service/module';
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
export class DeadlineSweeper extends RecurringWork {
  constructor(
    private readonly lifecycle: OrderLifecycle,
    @Inject(LIFECYCLE_CLOCK) private readonly clock: Clock = systemClock,
  ) {
    super({ everyMs: SWEEP_EVERY_MS, clock, log, failure: 'due orders not expired' });
  }

  /** Expires everything that is due now; resolves with how many orders. */
  sweep(): Promise<number> {
    return this.inSteps(SWEEP_ORDERS, () =>
      this.lifecycle.expireDue(new Date(this.clock.now()), SWEEP_ORDERS),
    );
  }

  protected override async look(): Promise<void> {
    const expired = await this.sweep();
    if (expired > 0) log.info({ expired }, 'orders expired');
  }
}
