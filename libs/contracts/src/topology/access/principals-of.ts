import { CONNECT_GROUP, CONNECT_TOPICS, heartbeatTopic } from '../capture-topics.js';
import { groupTopicPrefix } from '../names.js';
import { topicsOf } from '../topics-of.js';
import { consumersOf } from '../topology.js';
import type { ServiceTopology } from '../topology-types.js';
import type { Acl, AclOperation, AclResource, Principal } from './principal-types.js';
import { CONNECT_QUOTAS, KEEPER_QUOTAS, SERVICE_QUOTAS } from './quotas.js';

/** Principal of Kafka Connect's workers and of the connector's producer. */
export const CONNECT_PRINCIPAL = 'connect';

/** Principal of the keeper's commands. */
export const KEEPER_PRINCIPAL = 'keeper';

/**
 * Everybody who may speak with Kafka, and what for. A service that only produces is not among them: it writes to its
 * outbox, and Kafka Connect alone writes to domain topics.
 */
export function principalsOf(services: readonly ServiceTopology[]): readonly Principal[] {
  return [...consumersOf(services).map(consumer), connect(services), keeper(services)];
}

/**
 * Reads what it consumes; reads and writes its retries, dead letters and replays; owns its group and the throw-away
 * groups of its scans. A prefix ends with the source topic: the bare one of `order` would cover `order.created`, and
 * with it a way around the outbox.
 */
function consumer({ name, consumes, quotas }: ServiceTopology): Principal {
  return {
    name,
    acls: [
      literal('group', name, 'read', 'describe'),
      prefixed('group', `${name}.`, 'read', 'describe', 'delete'),
      ...consumes.map(({ topic }) => literal('topic', topic, 'read', 'describe')),
      ...consumes.map(({ topic }) =>
        prefixed('topic', groupTopicPrefix(name, topic), 'read', 'write', 'describe'),
      ),
    ],
    quotas: { ...SERVICE_QUOTAS, ...quotas },
  };
}

/** Writes what the outboxes hold and its heartbeats, keeps its state, and creates nothing: topics are there before. */
function connect(services: readonly ServiceTopology[]): Principal {
  return {
    name: CONNECT_PRINCIPAL,
    acls: [
      literal('group', CONNECT_GROUP, 'read', 'describe'),
      ...Object.values(CONNECT_TOPICS).map(({ name }) =>
        literal('topic', name, 'read', 'write', 'create', 'describe', 'describe-configs'),
      ),
      ...domainTopics(services).map((topic) => literal('topic', topic, 'write', 'describe')),
      literal('topic', heartbeatTopic().name, 'write', 'describe'),
    ],
    quotas: CONNECT_QUOTAS,
  };
}

/** Makes and changes topics, sees every group and position, and writes events only to recover a lost slot. */
function keeper(services: readonly ServiceTopology[]): Principal {
  return {
    name: KEEPER_PRINCIPAL,
    acls: [
      literal('cluster', 'kafka-cluster', 'create', 'describe'),
      literal('topic', '*', 'create', 'describe', 'describe-configs', 'alter-configs'),
      literal('group', '*', 'describe'),
      ...domainTopics(services).map((topic) => literal('topic', topic, 'write')),
    ],
    quotas: KEEPER_QUOTAS,
  };
}

function domainTopics(services: readonly ServiceTopology[]): readonly string[] {
  return topicsOf(services)
    .filter(({ kind }) => kind === 'domain')
    .map(({ name }) => name);
}

function literal(resource: AclResource, name: string, ...operations: readonly AclOperation[]): Acl {
  return { resource, name, pattern: 'literal', operations };
}

function prefixed(resource: AclResource, name: string, ...operations: readonly AclOperation[]): Acl {
  return { resource, name, pattern: 'prefix', operations };
}
