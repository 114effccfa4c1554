import { describe, expect, it } from '@jest/globals';
import { labelsOf } from './expression-labels.js';
import type { Vocabulary } from './vocabulary.js';

const vocabulary: Vocabulary = new Map([
  ['sent_total', new Set(['group', 'topic', 'job'])],
  ['time_seconds_bucket', new Set(['group', 'job', 'le'])],
  ['members', new Set(['group'])],
]);

const labels = (expression: string): string[] => [...labelsOf(expression, vocabulary)].toSorted();

describe('labels of an expression', () => {
  it.each([
    ['sent_total{group="fraud"}', ['group', 'job', 'topic']],
    ['rate(sent_total[5m] offset 10m)', ['group', 'job', 'topic']],
    ['sum(sent_total)', []],
    ['sum by (group) (rate(sent_total[5m]))', ['group']],
    ['sum(sent_total) by (group)', ['group']],
    ['sum without (job) (sent_total)', ['group', 'topic']],
    ['topk by (group) (3, sent_total)', ['group', 'job', 'topic']],
    ['1 - sum by (topic) (sent_total) / 7', ['topic']],
    ['histogram_quantile(0.9, sum by (group, le) (rate(time_seconds_bucket[5m])))', ['group']],
    ['sum by (group, topic) (sent_total) and on (group) members > 1', ['group', 'topic']],
    ['sum by (group, topic) (sent_total) / on (group) group_left members', ['group', 'topic']],
    ['members * on (group) group_right () sum by (group, topic) (sent_total)', ['group', 'topic']],
    ['sum by (group, topic) (sent_total) / ignoring (topic) group_left members', ['group', 'topic']],
    ['sum by (group) (sent_total) / on (group) members', ['group']],
    ['members or absent(sent_total{topic="a", job=~"b"})', ['group', 'topic']],
    ['label_replace(members, "topic", "$1", "group", "(.*)")', ['group', 'topic']],
    ['vector(1)', []],
  ])('%s are %j', (expression, expected) => {
    expect(labels(expression)).toEqual(expected);
  });

  it.each([
    ['SYNTAX', 'sum(sent_total'],
    ['SYNTAX', 'sent_total{group=fraud}'],
    ['METRIC', 'rate(snet_total[5m])'],
    ['METRIC', '{group="fraud"}'],
    ['LABEL', 'sent_total{gruop="fraud"}'],
    ['LABEL', 'sum by (partition) (sent_total)'],
    ['LABEL', 'sum without (partition) (sent_total)'],
    ['LABEL', 'sum by (topic) (sum by (group) (sent_total))'],
    ['LABEL', 'histogram_quantile(0.9, sum by (group) (time_seconds_bucket))'],
    ['LABEL', 'sent_total and on (partition) members'],
    ['LABEL', 'sum by (topic) (sent_total) / on (group) members'],
    ['LABEL', 'sum by (group, topic) (sent_total) / members'],
    ['LABEL', 'sent_total unless members'],
  ])('are refused with %s for %s', (code, expression) => {
    expect(() => labels(expression)).toThrow(expect.objectContaining({ code }));
  });
});
