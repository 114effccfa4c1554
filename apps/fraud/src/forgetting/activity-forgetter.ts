import { Inject, Injectable } from '@nestjs/common';
import { systemClock, type Clock } from '@millrace/messaging';
import { Transactions } from '@millrace/persistence';
import { RecurringWork } from '@millrace/service/module';
import { logger } from '@millrace/telemetry';
import { WINDOW_MS } from '../domain/velocity/activity-window.js';

/** Token of the clock by which activity grows old. */
export const FORGETTING_CLOCK: unique symbol = Symbol('forgetting clock');

/** Pause between two looks, milliseconds. */
export const FORGET_EVERY_MS = 3_600_000;

/** Event time from which nothing is kept: far beyond the longest window, for events that come late. */
const KEPT_MS = 4 * WINDOW_MS.most;

/** Rows of one statement, so that none holds its locks for long. */
const ROWS_AT_ONCE = 5_000;

const forget = (table: string, time: string): string => `
  WITH old AS (
    DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${time} < $1 LIMIT $2)) RETURNING 1
  )
  SELECT count(*)::integer AS rows FROM old`;

const STATEMENTS = [forget('activity', 'placed_at'), forget('activity_minute', 'minute')];

const log = logger('fraud.forgetting');

/** Forgets activity that no window reaches any more, every hour; several processes do no harm to each other. */
@Injectable()
export class ActivityForgetter extends RecurringWork {
  constructor(
    private readonly transactions: Transactions,
    @Inject(FORGETTING_CLOCK) private readonly clock: Clock = systemClock,
  ) {
    super({ everyMs: FORGET_EVERY_MS, clock, log, failure: 'old activity not forgotten' });
  }

  /** Forgets everything that is too old now; resolves with how many rows. */
  async forget(): Promise<number> {
    const before = new Date(this.clock.now() - KEPT_MS);
    let total = 0;
    for (const statement of STATEMENTS) {
      total += await this.inSteps(ROWS_AT_ONCE, async () => {
        const [gone] = await this.transactions.read<{ rows: number }>(statement, [before, ROWS_AT_ONCE]);
        return gone?.rows ?? 0;
      });
    }
    return total;
  }

  protected override async look(): Promise<void> {
    const rows = await this.forget();
    if (rows > 0) log.info({ rows }, 'old activity forgotten');
  }
}
