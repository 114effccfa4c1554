import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { METRICS } from './catalogue.js';
import { prometheusLabels, prometheusName, prometheusNames } from './metric.js';

const HERE = import.meta.dirname;

/** Names that instruments are made from, as the sources beside the catalogue write them. */
function declared(): string[] {
  return globSync('**/*.metrics.ts', { cwd: HERE }).flatMap((file) => {
    const text = readFileSync(join(HERE, file), 'utf8');
    const named = [...text.matchAll(/'([a-z0-9]+(?:\.[a-z0-9]+)+)'/g)].map(([, name]) => name ?? '');
    const templated = [...text.matchAll(/(?:counter|histogram|observeGauges)\(/g)];
    return templated.length > 0 ? named : [];
  });
}

describe('the catalogue of metrics', () => {
  it('names every metric once, in lower case, with dots and without its unit', () => {
    const names = METRICS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) {
      expect(name).toMatch(/^[a-z0-9]+(\.[a-z0-9]+)+$/);
      expect(name).not.toMatch(/\.(seconds|bytes|total|count)$/);
    }
  });

  it('has no label that could take any number of values', () => {
    const labels = new Set<string>(METRICS.flatMap(({ labels: own }) => [...own]));
    for (const label of labels)
      expect(label).not.toMatch(/(^|\.)(id|key|offset|trace|event|order|customer)$/);
  });

  it('says how Prometheus gets a metric: unit and kind in the name, three series of a histogram', () => {
    const named = (name: string) => METRICS.find((metric) => metric.name === name)!;
    expect(prometheusNames(named('millrace.dlq.messages'))).toEqual(['millrace_dlq_messages_total']);
    expect(prometheusNames(named('millrace.cdc.slot.lag'))).toEqual(['millrace_cdc_slot_lag_bytes']);
    expect(prometheusName(named('millrace.event.latency'))).toBe('millrace_event_latency_seconds');
    expect(prometheusNames(named('millrace.event.latency'))).toEqual(
      ['bucket', 'sum', 'count'].map((part) => `millrace_event_latency_seconds_${part}`),
    );
    expect(prometheusLabels(named('messaging.process.duration'))).toContain('messaging_destination_name');
  });

  it('is what instruments are made from: each metric has its instrument', () => {
    const instruments = new Set(declared());
    expect(METRICS.map(({ name }) => name).filter((name) => !instruments.has(name))).toEqual([]);
  });
});
