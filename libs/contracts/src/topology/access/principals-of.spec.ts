import { describe, expect, it } from '@jest/globals';
import { CONNECT_TOPICS, heartbeatTopic } from '../capture-topics.js';
import { topicsOf } from '../topics-of.js';
import { serviceNamed, topology } from '../topology.js';
import type { ServiceTopology } from '../topology-types.js';
import type { Acl, AclOperation, AclResource, Principal } from './principal-types.js';
import { CONNECT_PRINCIPAL, KEEPER_PRINCIPAL, principalsOf } from './principals-of.js';
import { SERVICE_QUOTAS } from './quotas.js';

const topics = topicsOf(topology);
const principals = principalsOf(topology);
const others = [
  '__consumer_offsets',
  heartbeatTopic().name,
  ...Object.values(CONNECT_TOPICS).map((t) => t.name),
];

describe('the principals of the fleet', () => {
  it('are the consumers, Kafka Connect and the keeper', () => {
    expect(principals.map(({ name }) => name)).toEqual([
      ...topology.map(({ name }) => name),
      CONNECT_PRINCIPAL,
      KEEPER_PRINCIPAL,
    ]);
  });

  it('leave out a service that speaks through its outbox alone', () => {
    const silent: ServiceTopology = { ...serviceNamed('order'), consumes: [] };
    expect(principalsOf([silent]).map(({ name }) => name)).toEqual([CONNECT_PRINCIPAL, KEEPER_PRINCIPAL]);
  });

  it('repeat no rule', () => {
    for (const { acls } of principals) {
      const named = acls.flatMap(({ resource, name, pattern, operations }) =>
        operations.map((operation) => `${resource} ${pattern} ${name} ${operation}`),
      );
      expect(new Set(named).size).toBe(named.length);
    }
  });

  it('have the quotas that a service asks for, and the defaults of what it does not name', () => {
    const eager = { ...serviceNamed('fraud'), quotas: { consumerBytesPerSecond: 1 } };
    expect(principalsOf([eager])[0]?.quotas).toEqual({ ...SERVICE_QUOTAS, consumerBytesPerSecond: 1 });
  });
});

describe.each(topology.map((service) => [service.name, service] as const))(
  'the service %s',
  (name, service) => {
    const own = topics
      .filter(({ owner, kind }) => owner === name && kind !== 'domain')
      .map((topic) => topic.name);
    const consumed = service.consumes.map(({ topic }) => topic);
    const everything = [...topics.map((topic) => topic.name), ...others];

    it('reads what it consumes and its own topics, and nothing else', () => {
      expect(everything.filter((topic) => may(name, 'read', 'topic', topic)).toSorted()).toEqual(
        [...consumed, ...own].toSorted(),
      );
    });

    it('writes to its retries, dead letters and replays, and to no domain topic, its own included', () => {
      expect(everything.filter((topic) => may(name, 'write', 'topic', topic)).toSorted()).toEqual(
        own.toSorted(),
      );
    });

    it('sees what it reads and no more', () => {
      expect(everything.filter((topic) => may(name, 'describe', 'topic', topic)).toSorted()).toEqual(
        [...consumed, ...own].toSorted(),
      );
    });

    it('creates, alters and deletes no topic', () => {
      for (const operation of ['create', 'alter', 'alter-configs', 'delete'] as const) {
        expect(everything.filter((topic) => may(name, operation, 'topic', topic))).toEqual([]);
      }
    });

    it('uses the groups of its name and no others, and deletes those of its scans alone', () => {
      const groups = topology.flatMap((each) => [each.name, `${each.name}.scan-1`]);
      expect(groups.filter((group) => may(name, 'read', 'group', group))).toEqual([name, `${name}.scan-1`]);
      expect(groups.filter((group) => may(name, 'delete', 'group', group))).toEqual([`${name}.scan-1`]);
    });
  },
);

describe('Kafka Connect', () => {
  it('writes to every domain topic, its heartbeats and its own state', () => {
    const written = [...topics.map(({ name }) => name), ...others].filter((topic) =>
      may(CONNECT_PRINCIPAL, 'write', 'topic', topic),
    );
    const domain = topics.filter(({ kind }) => kind === 'domain').map(({ name }) => name);
    const state = Object.values(CONNECT_TOPICS).map(({ name }) => name);
    expect(written.toSorted()).toEqual([...domain, heartbeatTopic().name, ...state].toSorted());
  });

  it('reads its own state and no event', () => {
    expect(topics.filter(({ name }) => may(CONNECT_PRINCIPAL, 'read', 'topic', name))).toEqual([]);
  });
});

describe('the keeper', () => {
  it('makes and describes every topic, describes every group and reads no event', () => {
    for (const { name } of topics) {
      expect(may(KEEPER_PRINCIPAL, 'create', 'topic', name)).toBe(true);
      expect(may(KEEPER_PRINCIPAL, 'describe', 'topic', name)).toBe(true);
      expect(may(KEEPER_PRINCIPAL, 'read', 'topic', name)).toBe(false);
    }
    expect(may(KEEPER_PRINCIPAL, 'describe', 'group', 'fraud')).toBe(true);
    expect(may(KEEPER_PRINCIPAL, 'read', 'group', 'fraud')).toBe(false);
  });

  it('writes to domain topics alone, as a recovery must', () => {
    const written = topics.filter(({ name }) => may(KEEPER_PRINCIPAL, 'write', 'topic', name));
    expect(written).toEqual(topics.filter(({ kind }) => kind === 'domain'));
  });
});

/** What Kafka's own authorizer would answer. */
function may(principal: string, operation: AclOperation, resource: AclResource, name: string): boolean {
  const { acls } = principals.find((each) => each.name === principal) as Principal;
  return acls.some(
    (acl) => acl.resource === resource && acl.operations.includes(operation) && covers(acl, name),
  );
}

function covers(acl: Acl, name: string): boolean {
  if (acl.pattern === 'prefix') return name.startsWith(acl.name);
  return acl.name === '*' || acl.name === name;
}
