import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  CONNECT_GROUP,
  CONNECT_TOPICS,
  heartbeatTopic,
  principalsOf,
  topicsOf,
  topology,
} from '@millrace/contracts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ofKind, partOf, type BuiltResource } from './support/built-resource.js';
import { buildOverlay, OVERLAYS, ROOT } from './support/overlay.js';

interface UserSpec {
  readonly authorization: {
    readonly acls: readonly {
      readonly resource: { readonly type: string; readonly name?: string; readonly patternType?: string };
      readonly operations: readonly string[];
    }[];
  };
  readonly quotas: object;
}

describe.each(OVERLAYS)('Kafka in the overlay %s', (name) => {
  const replicas = name === 'prod' ? 3 : 1;
  let resources: readonly BuiltResource[];
  beforeAll(async () => {
    resources = await buildOverlay(name);
  });

  it("has the topology's topics, the heartbeats and Kafka Connect's own, and no others", () => {
    const built = ofKind(resources, 'KafkaTopic').map(({ spec }) => spec);
    const events = [...topicsOf(topology), heartbeatTopic()].map((topic) => ({
      topicName: topic.name,
      partitions: topic.partitions,
      replicas,
      config: {
        'cleanup.policy': 'delete',
        'retention.ms': topic.retentionMs,
        ...(topic.maxMessageBytes && { 'max.message.bytes': topic.maxMessageBytes }),
      },
    }));
    const state = Object.values(CONNECT_TOPICS).map((topic) => ({
      topicName: topic.name,
      partitions: topic.partitions,
      replicas,
      config: { 'cleanup.policy': 'compact' },
    }));
    const byName = (one: { topicName: string }, other: { topicName: string }) =>
      one.topicName.localeCompare(other.topicName);
    expect((built as { topicName: string }[]).toSorted(byName)).toEqual(
      [...events, ...state].toSorted(byName),
    );
  });

  it("gives each user the topology's rights and quotas, and lets nobody else in", () => {
    const users = ofKind(resources, 'KafkaUser');
    const built = users.map(({ metadata, spec }) => {
      const { authorization, quotas } = spec as object as UserSpec;
      return { name: metadata.name, rights: rightsOf(authorization.acls), quotas };
    });
    const expected = principalsOf(topology).map(({ name: user, acls, quotas }) => ({
      name: user,
      rights: acls
        .flatMap((acl) =>
          acl.operations.map((operation) => {
            const resource =
              acl.resource === 'cluster' ? 'cluster' : `${acl.resource} ${acl.pattern} ${acl.name}`;
            return `${operation.replaceAll('-', '')} ${resource}`;
          }),
        )
        .toSorted(),
      quotas: {
        producerByteRate: quotas.producerBytesPerSecond,
        consumerByteRate: quotas.consumerBytesPerSecond,
        requestPercentage: quotas.requestPercent,
      },
    }));
    const byName = (one: { name: string }, other: { name: string }) => one.name.localeCompare(other.name);
    expect(built.toSorted(byName)).toEqual(expected.toSorted(byName));
    for (const { spec } of users) expect(spec).toMatchObject({ authentication: { type: 'scram-sha-512' } });
  });

  it('keeps what it acknowledged, makes no topic by itself and asks who is there', () => {
    const [kafka] = ofKind(resources, 'Kafka');
    const [pool] = ofKind(resources, 'KafkaNodePool');
    expect(pool?.spec).toMatchObject({ replicas, roles: ['controller', 'broker'] });
    expect(kafka?.spec?.['kafka']).toMatchObject({
      listeners: [{ port: 9093, tls: true, authentication: { type: 'scram-sha-512' } }],
      authorization: { type: 'simple' },
      config: {
        'auto.create.topics.enable': false,
        'default.replication.factor': replicas,
        'min.insync.replicas': name === 'prod' ? 2 : 1,
        'unclean.leader.election.enable': false,
      },
    });
  });

  it("runs Kafka Connect with the fleet's worker settings and what the connector file reads", () => {
    const [connect] = ofKind(resources, 'KafkaConnect');
    const worker = readFileSync(join(ROOT, 'deploy/connect/worker.properties'), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.split(/=(.*)/s).slice(0, 2));
    expect(connect?.spec).toMatchObject({
      groupId: CONNECT_GROUP,
      configStorageTopic: CONNECT_TOPICS.config.name,
      config: { ...Object.fromEntries(worker), 'offset.storage.replication.factor': replicas },
      authentication: { type: 'scram-sha-512', username: 'connect' },
    });
    // The keeper registers the connector, once publication and slot are there.
    expect(connect?.metadata.annotations).toBeUndefined();
    expect(ofKind(resources, 'KafkaConnector')).toEqual([]);
    const file = readFileSync(join(ROOT, 'deploy/connect/outbox-connector.json'), 'utf8');
    const wanted = [...file.matchAll(/\$\{env:(\w+)\}/g)].map(([, variable]) => variable);
    const environment = partOf<readonly { name: string }[]>(connect, 'template', 'connectContainer', 'env');
    expect(environment.map((variable) => variable.name).toSorted()).toEqual(wanted.toSorted());
    const map = ofKind(resources, 'ConfigMap').find(({ metadata }) => metadata.name === 'outbox-connector');
    expect(JSON.parse(map?.data?.['outbox-connector.json'] ?? '')).toEqual(JSON.parse(file));
  });
});

function rightsOf(acls: UserSpec['authorization']['acls']): string[] {
  return acls
    .flatMap(({ resource: { type, name, patternType }, operations }) =>
      operations.map((operation) => {
        const resource = type === 'cluster' ? 'cluster' : `${type} ${patternType} ${name}`;
        return `${operation.toLowerCase()} ${resource}`;
      }),
    )
    .toSorted();
}
