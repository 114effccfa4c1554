import { Inject, Injectable } from '@nestjs/common';
import { systemClock, type Clock } from '@millrace/messaging';
import { RecurringWork } from '@millrace/service/module';
import { logger } from '@millrace/telemetry';
import { HoldEndings } from './hold-endings.js';

/** Token of the clock that holds are measured with. */
export const HOLD_CLOCK: unique symbol = Symbol('hold clock');

/** Pause between two looks, milliseconds. */
export const SWEEP_EVERY_MS = 1_000;

/** Holds of one transaction. */
const SWEEP_HOLDS = 200;

const log = logger('inventory.sweeper');

/** Releases holds that have outlived their time, every second; of several processes one does it at a time. */
@Injectable()
export class HoldSweeper extends RecurringWork {
  constructor(
    private readonly holds: HoldEndings,
    @Inject(HOLD_CLOCK) private readonly clock: Clock = systemClock,
  ) {
    super({ everyMs: SWEEP_EVERY_MS, clock, log, failure: 'due holds not released' });
  }

  /** Releases everything that is due now; resolves with how many holds. */
  sweep(): Promise<number> {
    return this.inSteps(SWEEP_HOLDS, () => this.holds.expireDue(new Date(this.clock.now()), SWEEP_HOLDS));
  }

  protected override async look(): Promise<void> {
    const released = await this.sweep();
    if (released > 0) log.info({ released }, 'holds expired');
  }
}
