import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTelemetry, type Telemetry } from '../start-telemetry.js';
import { countConsumed, recordProcessDuration } from './consumer/client.metrics.js';
import { countAttempts, countDuplicates, observeConsumer } from './consumer/consumer.metrics.js';
import { countDeadLetter, DEAD_LETTER_REASONS, preregisterFailures } from './consumer/dead-letter.metrics.js';
import { recordLatency } from './consumer/latency.metrics.js';
import { countOutboxWritten } from './outbox.metrics.js';

const from = { group: 'fraud', topic: 'order.created' };
let telemetry: Telemetry;

async function lines(start: string): Promise<string[]> {
  return (await telemetry.metricsText()).split('\n').filter((line) => line.startsWith(start));
}

describe('metrics', () => {
  beforeAll(() => {
    // Counted before telemetry starts: must not stick to the no-op instrument.
    countDuplicates(from);
    telemetry = startTelemetry({ service: 'fraud', version: '1.2.3' });
  });
  afterAll(() => telemetry.shutdown());

  it('show dead letters at 0 before anything died', async () => {
    preregisterFailures('fraud', ['order.created'], []);
    countDeadLetter(from, 'DECODE');
    expect(await lines('millrace_dlq_messages_total{')).toEqual(
      DEAD_LETTER_REASONS.map(
        (reason) =>
          `millrace_dlq_messages_total{group="fraud",topic="order.created",reason="${reason}"} ${reason === 'DECODE' ? 1 : 0}`,
      ),
    );
  });

  it('count duplicates, attempts, records and outbox rows under names that end in _total', async () => {
    countDuplicates(from, 2);
    countAttempts(from, 'retry');
    countConsumed(from, 5);
    countOutboxWritten('fraud.assessed', 3);
    expect(await lines('millrace_inbox_duplicates_total{')).toEqual([
      'millrace_inbox_duplicates_total{group="fraud",topic="order.created"} 2',
    ]);
    expect(await lines('millrace_attempts_total{')).toEqual([
      'millrace_attempts_total{group="fraud",topic="order.created",outcome="retry"} 1',
    ]);
    expect(await lines('millrace_outbox_written_total{')).toEqual([
      'millrace_outbox_written_total{topic="fraud.assessed"} 3',
    ]);
    const [consumed] = await lines('messaging_client_consumed_messages_total{');
    expect(consumed).toContain('messaging_destination_name="order.created"');
    expect(consumed).toMatch(/ 5$/);
  });

  it('time in seconds with buckets from 1 ms to 10 s, the unit in the name', async () => {
    recordLatency({ group: 'fraud', type: 'order.created', stage: 'total' }, 0.0015);
    recordLatency({ group: 'fraud', type: 'order.created', stage: 'total' }, -1);
    recordProcessDuration(from, 0.02);
    const labels = 'group="fraud",type="order.created",stage="total"';
    const buckets = await lines('millrace_event_latency_seconds_bucket{');
    expect(buckets[0]).toBe(`millrace_event_latency_seconds_bucket{${labels},le="0.001"} 1`);
    expect(buckets[1]).toBe(`millrace_event_latency_seconds_bucket{${labels},le="0.002"} 2`);
    expect(buckets.at(-2)).toContain('le="10"');
    expect(await lines('messaging_process_duration_seconds_count{')).toHaveLength(1);
  });

  it('read the state of a consumer at each scrape until it is forgotten', async () => {
    let inflight = 7;
    let held: string | null = null;
    const forget = observeConsumer('fraud', () => ({
      held,
      topics: [{ topic: 'order.created', inflight, pausedPartitions: 1, parkedKeys: 2 }],
    }));
    expect(await lines('millrace_consumer_inflight{')).toEqual([
      'millrace_consumer_inflight{group="fraud",topic="order.created"} 7',
    ]);
    inflight = 0;
    expect(await lines('millrace_consumer_inflight{')).toEqual([
      'millrace_consumer_inflight{group="fraud",topic="order.created"} 0',
    ]);
    expect(await lines('millrace_consumer_paused_partitions{')).toHaveLength(1);
    expect(await lines('millrace_parked_keys{')).toEqual([
      'millrace_parked_keys{group="fraud",topic="order.created"} 2',
    ]);
    held = 'SYSTEMIC';
    expect(await lines('millrace_consumer_held{')).toEqual([
      'millrace_consumer_held{group="fraud",cause="DEPENDENCY"} 0',
      'millrace_consumer_held{group="fraud",cause="SYSTEMIC"} 1',
    ]);
    held = 'ConnectionError';
    expect(await lines('millrace_consumer_held{')).toContain(
      'millrace_consumer_held{group="fraud",cause="DEPENDENCY"} 1',
    );
    forget();
    expect(await lines('millrace_consumer_inflight{')).toEqual([]);
  });

  it('name the service, its memory and its event loop', async () => {
    expect(await lines('target_info{')).toEqual([
      'target_info{service_name="fraud",service_version="1.2.3"} 1',
    ]);
    expect(await lines('process_memory_usage_bytes ')).toHaveLength(1);
    expect(await lines('nodejs_eventloop_delay_p99_seconds ')).toHaveLength(1);
  });
});
