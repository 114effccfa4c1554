import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTelemetry, type Telemetry } from '../start-telemetry.js';
import { countReconciled, observeReconciliation } from './reconcile.metrics.js';
import { observeWatch, type PartitionMeasures } from './watch.metrics.js';

let telemetry: Telemetry;

async function lines(start: string): Promise<string[]> {
  return (await telemetry.metricsText()).split('\n').filter((line) => line.startsWith(start));
}

const PLACE = 'group="fraud",topic="order.created",partition="3"';
const behind: PartitionMeasures = {
  ...{ group: 'fraud', topic: 'order.created', partition: 3, status: 'stall' },
  ...{ lag: 12, headAgeSeconds: 30.5, lostOffsets: 2, retentionLeftSeconds: 604_769.5 },
};

describe('the metrics of the watch', () => {
  beforeAll(() => {
    telemetry = startTelemetry({ service: 'keeper' });
  });
  afterAll(() => telemetry.shutdown());

  it('show each partition of a group with one status of five, and what is left of the retention only while it lags', async () => {
    let standing = behind;
    const forget = observeWatch(() => ({
      standings: [standing],
      members: new Map([['fraud', 2]]),
      ageSeconds: 1.5,
    }));
    expect(await lines('millrace_consumer_')).toEqual([
      `millrace_consumer_lag{${PLACE}} 12`,
      `millrace_consumer_head_age_seconds{${PLACE}} 30.5`,
      `millrace_consumer_status{${PLACE},status="ok"} 0`,
      `millrace_consumer_status{${PLACE},status="warn"} 0`,
      `millrace_consumer_status{${PLACE},status="stop"} 0`,
      `millrace_consumer_status{${PLACE},status="stall"} 1`,
      `millrace_consumer_status{${PLACE},status="rewind"} 0`,
      'millrace_consumer_group_members{group="fraud"} 2',
      `millrace_consumer_lost_offsets{${PLACE}} 2`,
      `millrace_consumer_retention_left_seconds{${PLACE}} 604769.5`,
    ]);
    expect(await lines('millrace_watch_age_seconds')).toEqual(['millrace_watch_age_seconds 1.5']);
    const { retentionLeftSeconds: _none, ...rest } = behind;
    standing = { ...rest, status: 'ok', lag: 0, headAgeSeconds: 0 };
    expect(await lines('millrace_consumer_retention_left_seconds{')).toEqual([]);
    expect(await lines('millrace_consumer_status{')).toContain(
      `millrace_consumer_status{${PLACE},status="stall"} 0`,
    );
    forget();
    expect(await lines('millrace_consumer_lag{')).toEqual([]);
  });

  it('show what the reconciler found, and count what it compared', async () => {
    const forget = observeReconciliation(() => [{ group: 'fraud', missing: 1, extra: 2, ageSeconds: 70 }]);
    countReconciled('fraud', 0);
    countReconciled('fraud', 40);
    expect(await lines('millrace_reconcile_')).toEqual(
      expect.arrayContaining([
        'millrace_reconcile_missing{group="fraud"} 1',
        'millrace_reconcile_extra{group="fraud"} 2',
        'millrace_reconcile_age_seconds{group="fraud"} 70',
        'millrace_reconcile_checked_total{group="fraud"} 40',
      ]),
    );
    forget();
    expect(await lines('millrace_reconcile_missing')).toEqual([]);
  });
});
