import { describe, expect, it } from '@jest/globals';
import { topology } from '@millrace/contracts';
import { watchedTopics } from './watched-topics.js';

describe('the topics that are watched', () => {
  const watched = watchedTopics(topology);

  it('are those that a group reads, with its retries and replays, and no dead letters', () => {
    expect(
      watched
        .filter(({ group }) => group.startsWith('notification'))
        .map(({ group, topic }) => [group, topic]),
    ).toEqual([
      ['notification', 'order.created'],
      ['notification.retry', 'notification.order.created.retry.5s'],
      ['notification.retry', 'notification.order.created.retry.1m'],
      ['notification.retry', 'notification.order.created.retry.10m'],
      ['notification.retry', 'notification.order.created.replay'],
    ]);
    expect(watched.filter(({ topic }) => topic.endsWith('.dlq'))).toEqual([]);
  });

  it('know how long records wait on purpose, and how long they are kept', () => {
    const waits = watched.filter(({ delayMs }) => delayMs > 0).map(({ topic, delayMs }) => [topic, delayMs]);
    expect(waits).toContainEqual(['analytics.order.batch.retry.10m', 600_000]);
    expect(waits.every(([topic]) => String(topic).includes('.retry.'))).toBe(true);
    expect(new Set(watched.map(({ retentionMs }) => retentionMs))).toEqual(new Set([7 * 86_400_000]));
  });
});
