import { beforeAll, describe, expect, it } from '@jest/globals';
import { consumersOf, deadLetterTopic, topology } from '@millrace/contracts';
import { createKafkaBroker, readRecord } from '@millrace/messaging';
import { METRICS, prometheusLabels, prometheusName, type Metric } from '@millrace/telemetry';
import { eventually } from '@millrace/testing/runtime';
import { ready } from '../support/fleet.js';
import { placeOrder } from '../support/orders.js';

/** Metrics that have nothing to show in a fleet that is well. */
const ABSENT_WHILE_WELL = new Set([
  'millrace.consumer.retention.left', // no lag
  'millrace.partitions.overdue', // nothing is old enough to be dropped
  'millrace.stock.differing.skus', // inventory looks for the first time after ten minutes
]);

const DEAD = '0199aaaa-0000-4000-8000-000000000001';

/** A family of series as a scrape tells it. */
interface Family {
  readonly name: string;
  readonly kind: string;
  readonly labels: ReadonlySet<string>;
}

const entries = new Map(METRICS.map((metric: Metric) => [prometheusName(metric), metric]));

/** Everything that has metrics, by name. */
const programs = () => ({ ...stack.services, keeper: stack.keeper });

async function scrape(url: string): Promise<string> {
  const answer = await fetch(`${url}/metrics`);
  expect(answer.status).toBe(200);
  return answer.text();
}

function families(text: string): Family[] {
  const kinds = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  return kinds.map(([, name = '', kind = '']) => {
    const series = text
      .split('\n')
      .filter((line) => new RegExp(`^${name}(_bucket|_sum|_count)?[{ ]`).test(line));
    const labels = series.flatMap((line) =>
      [...line.matchAll(/[{,]([a-z_]+)="/g)].map(([, label]) => label ?? ''),
    );
    return { name, kind, labels: new Set(labels.filter((label) => label !== 'le')) };
  });
}

async function value(service: string, series: RegExp): Promise<number> {
  const line = (await scrape(stack.services[service] ?? '')).split('\n').find((one) => series.test(one));
  if (line === undefined) throw new Error(`${service} exports nothing like ${series}`);
  return Number(line.split(' ').at(-1));
}

describe('the metrics of the fleet', () => {
  beforeAll(async () => {
    await ready();
    await Promise.all(Array.from({ length: 20 }, () => placeOrder(stack.services['order'] ?? '')));
    const broker = createKafkaBroker({ clientId: 'metrics', brokers: [stack.kafka] });
    try {
      const headers = { ce_id: DEAD, ce_type: 'order.created', 'content-type': 'application/json' };
      const place = { topic: 'order.created', partition: 1, key: Buffer.from('metrics') };
      await broker.send([{ ...place, value: Buffer.from('no JSON'), headers }]);
    } finally {
      await broker.close();
    }
    await readRecord({
      brokers: [stack.kafka],
      topic: deadLetterTopic('fraud', 'order.created'),
      matches: (record) => record.headers['ce_id']?.toString() === DEAD,
      timeoutMs: 60_000,
    });
  });

  it('are all in the catalogue, with its kind and no label that it does not list', async () => {
    for (const [service, url] of Object.entries(programs())) {
      for (const { name, kind, labels } of families(await scrape(url))) {
        if (name === 'target_info') continue;
        const metric = entries.get(name);
        expect({ service, name, kind: metric?.kind }).toEqual({ service, name, kind });
        const allowed = new Set(metric ? prometheusLabels(metric) : []);
        expect({ service, name, unlisted: [...labels].filter((label) => !allowed.has(label)) }).toEqual({
          service,
          name,
          unlisted: [],
        });
      }
    }
  });

  it('are there, every one of the catalogue, once there were orders and a dead letter', async () => {
    await eventually(
      async () => {
        const texts = await Promise.all(Object.values(programs()).map(scrape));
        const exported = new Set(texts.flatMap(families).map(({ name }) => name));
        const missing = METRICS.filter(({ name }) => !ABSENT_WHILE_WELL.has(name))
          .map(prometheusName)
          .filter((name) => !exported.has(name));
        expect(missing).toEqual([]);
      },
      { everyMs: 1_000 },
    );
  });

  it('show at 0 what has not happened, where an alert waits for it to grow', async () => {
    for (const { name: group } of consumersOf(topology, 'order.created')) {
      const labels = `group="${group}",topic="order.created"`;
      expect(await value(group, new RegExp(`^millrace_dlq_messages_total{${labels},reason="FATAL"}`))).toBe(
        0,
      );
      expect(await value(group, new RegExp(`^millrace_consumer_skipped_offsets_total{${labels}}`))).toBe(0);
      expect(await value(group, new RegExp(`^millrace_contract_unknown_enum_total{group="${group}"`))).toBe(
        0,
      );
    }
    expect(await value('analytics', /^millrace_retry_messages_total{group="analytics"/)).toBe(0);
  });

  it('count the dead letter, and the dead event until somebody resolves it', async () => {
    const labels = 'group="fraud",topic="order.created",reason="DECODE"';
    await eventually(async () => {
      expect(await value('fraud', new RegExp(`^millrace_dlq_messages_total{${labels}}`))).toBeGreaterThan(0);
      expect(await value('fraud', new RegExp(`^millrace_dlq_unresolved{${labels}}`))).toBeGreaterThan(0);
      expect(
        await value('fraud', /^millrace_dlq_oldest_age_seconds{group="fraud",topic="order.created"}/),
      ).toBeGreaterThan(0);
    });
  });

  it('time every phase of a batch and every stage of an event', async () => {
    await eventually(async () => {
      for (const phase of ['fetch', 'queue', 'handle', 'db', 'commit']) {
        const series = new RegExp(
          `^millrace_consumer_phase_duration_seconds_count{group="fraud",phase="${phase}"}`,
        );
        expect(await value('fraud', series)).toBeGreaterThan(0);
      }
      for (const stage of ['capture', 'deliver', 'process', 'total']) {
        const series = new RegExp(
          `^millrace_event_latency_seconds_count{group="fraud",type="order.created",stage="${stage}"}`,
        );
        expect(await value('fraud', series)).toBeGreaterThanOrEqual(20);
      }
    });
  });
});
