import { heartbeatTopic, topicsOf, topology, type TopicSpecification } from '@millrace/contracts';
import { describe, expect, it } from '@jest/globals';
import { ensureTopics, type TopicAdmin } from './ensure-topics.js';

function broker(present: string[], deaf = false): TopicAdmin {
  return {
    topics: async () => present,
    createTopics: async (wanted: readonly TopicSpecification[]) => {
      const missing = wanted.map(({ name }) => name).filter((name) => !present.includes(name));
      if (!deaf) present.push(...missing);
      return missing;
    },
  };
}

describe('the topics that capture needs', () => {
  it('include one of one partition for heartbeats, named after the prefix', () => {
    expect(heartbeatTopic('millrace_7')).toMatchObject({
      name: '__debezium-heartbeat.millrace_7',
      partitions: 1,
    });
  });

  it('are created once', async () => {
    const admin = broker(['order.created']);
    const wanted = topicsOf(topology);
    expect(await ensureTopics(admin, wanted)).toHaveLength(wanted.length - 1);
    expect(await ensureTopics(admin, wanted)).toEqual([]);
  });

  it('must be listed afterwards: the connector blocks for ever on a topic that is not there', async () => {
    await expect(ensureTopics(broker([], true), [heartbeatTopic('m')])).rejects.toThrow(
      'Kafka does not list __debezium-heartbeat.m',
    );
  });
});
