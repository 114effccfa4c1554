import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { systemClock, type Clock } from '@millrace/messaging';
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
export class HoldSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private ended: Promise<void> = Promise.resolve();

  constructor(
    private readonly holds: HoldEndings,
    @Inject(HOLD_CLOCK) private readonly clock: Clock = systemClock,
  ) {}

  onApplicationBootstrap(): void {
    this.ended = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.ended;
  }

  /** Releases everything that is due now; resolves with how many holds. */
  async sweep(): Promise<number> {
    let total = 0;
    for (;;) {
      const released = await this.holds.expireDue(new Date(this.clock.now()), SWEEP_HOLDS);
      total += released;
      if (released < SWEEP_HOLDS || this.stopping.signal.aborted) return total;
    }
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.sweep().then(
        (released) => released > 0 && log.info({ released }, 'holds expired'),
        (error: unknown) => log.warn({ err: error }, 'due holds not released; the next look repeats it'),
      );
      await this.clock.sleep(SWEEP_EVERY_MS, signal);
    }
  }
}
