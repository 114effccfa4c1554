import { describe, expect, it } from '@jest/globals';
import { meanOf, metricsOf } from './scrape.js';

const TEXT = `# HELP took_seconds Time that it took
# TYPE took_seconds histogram
took_seconds_count{group="a"} 4
took_seconds_sum{group="a"} 2
took_seconds_count{group="b"} 1
took_seconds_sum{group="b"} 5.5e-1
up 1
`;

describe('the reader of metrics', () => {
  it('reads names, labels and numbers, and no comments', () => {
    const metrics = metricsOf(TEXT);
    expect(metrics).toHaveLength(5);
    expect(metrics[3]).toEqual({ name: 'took_seconds_sum', labels: 'group="b"', value: 0.55 });
    expect(metrics[4]).toEqual({ name: 'up', labels: '', value: 1 });
  });

  it('sums a histogram over the labels that are asked for', () => {
    expect(meanOf(metricsOf(TEXT), 'took_seconds', 'group="a"')).toEqual({ count: 4, sum: 2, mean: 0.5 });
    expect(meanOf(metricsOf(TEXT), 'took_seconds').count).toBe(5);
  });

  it('has no mean of a histogram that is not there', () => {
    expect(meanOf(metricsOf(TEXT), 'missing_seconds').mean).toBe(0);
  });
});
