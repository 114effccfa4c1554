import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  consumersOf,
  principalsOf,
  topicsOf,
  topology,
  type ServiceTopology,
  type TopicSpecification,
} from '@millrace/contracts';
import { createKafkaAdmin, createKafkaBroker } from '@millrace/messaging';
import { eventually } from '@millrace/testing/runtime';
import type { TokenWish } from '@millrace/testing';
import { rightsOf } from '../support/kafka-rights.js';
import { SecuredFleet } from '../support/secured-fleet.js';
import { allowedBy } from '../support/topology-rights.js';

const REQUESTS = 100;
/** Topics that no rule may cover, although their names begin like those of services and of covered topics. */
const STRANGE_TOPICS = ['fraud.secrets', 'order.created.copy', 'payments.created'];
const ADMIN = 'admin';

let fleet: SecuredFleet;

beforeAll(async () => {
  fleet = await SecuredFleet.start(REQUESTS);
});

afterAll(() => fleet?.close());

const order = {
  customerId: 'customer-secured',
  region: 'eu-west',
  currency: 'EUR',
  lines: [{ sku: 'MUG-BLUE', quantity: 1, unitPriceMinor: 1_250 }],
};

describe('an order on a fleet with every lock closed', () => {
  it('takes effect in every service, although each may do no more than the topology says', async () => {
    const placed = await fleet.ask('order', '/orders', { scope: 'order:write' }, order);
    expect(placed.status).toBe(201);
    const { eventId } = (await placed.json()) as { eventId: string };
    for (const { name } of consumersOf(topology, 'order.created')) {
      await eventually(
        async () => {
          const answer = await fleet.ask(name, `/ops/events/${eventId}`, {
            scope: 'ops',
            subject: `to ${name}`,
          });
          expect(await answer.json()).toMatchObject({ state: 'done' });
        },
        { everyMs: 1_000 },
      );
    }
  });
});

describe('a request to a service that wants tokens', () => {
  const scope = 'order:read';
  const refusals: [string, TokenWish | null, number, string][] = [
    ['no token', null, 401, 'token-missing'],
    ['a token that has expired', { scope, expiresIn: -60 }, 401, 'token-invalid'],
    ['a token for another audience', { scope, audience: 'another' }, 401, 'token-invalid'],
    ['a token of another issuer', { scope, issuer: 'https://evil.test/' }, 401, 'token-invalid'],
    ['a token with the scope of another service', { scope: 'fraud:read ops' }, 403, 'scope-missing'],
  ];

  it.each(refusals)('is refused with %s', async (_what, wish, status, code) => {
    const answer = await fleet.ask('order', '/orders', wish);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm="millrace"/);
    expect(await answer.json()).toMatchObject({ type: `urn:millrace:problem:${code}`, status });
  });

  it('is served with the scope, and needs none for health', async () => {
    expect((await fleet.ask('order', '/orders', { scope })).status).toBe(200);
    expect((await fleet.ask('order', '/health/ready', null)).status).toBe(200);
  });
});

describe('every endpoint that a service describes', () => {
  interface Description {
    readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  }

  it.each(topology.map(({ name }) => name))('of %s wants a token', async (name) => {
    const url = fleet.stack.services[name] ?? '';
    const { paths } = (await (await fetch(`${url}/docs-json`)).json()) as Description;
    const endpoints = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({ path, method })),
    );
    expect(endpoints.length).toBeGreaterThan(4);
    const answers = await Promise.all(
      [...endpoints, { path: '/metrics', method: 'get' }].map(async ({ path, method }) => {
        const answer = await fetch(`${url}${path}`, { method: method.toUpperCase() });
        await answer.body?.cancel();
        return { path, method, status: answer.status };
      }),
    );
    expect(answers.filter(({ status }) => status !== 401)).toEqual([]);
  });
});

describe('a flood from one client', () => {
  it('gets 429, and leaves the others served', async () => {
    const flood = { scope: 'fraud:read', subject: 'flooder' };
    const other = { scope: 'fraud:read', subject: 'neighbour' };
    const path = '/reviews';
    const floodStatuses = Promise.all(
      Array.from({ length: REQUESTS * 2 }, async () => (await fleet.ask('fraud', path, flood)).status),
    );
    const otherStatuses = Promise.all(
      Array.from({ length: 20 }, async () => (await fleet.ask('fraud', path, other)).status),
    );
    const answered = (status: number) =>
      floodStatuses.then((all) => all.filter((one) => one === status).length);
    expect([await answered(200), await answered(429)]).toEqual([REQUESTS, REQUESTS]);
    expect(new Set(await otherStatuses)).toEqual(new Set([200]));
    const late = await fleet.ask('fraud', path, flood);
    expect(late.headers.get('content-type')).toBe('application/problem+json');
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await late.json()).toMatchObject({ type: 'urn:millrace:problem:too-many-requests', status: 429 });
  });
});

describe('the rights on the brokers', () => {
  const topics = () => [...topicsOf(topology).map(({ name }) => name), ...STRANGE_TOPICS, '_connect-offsets'];
  const groups = [
    ...topology.flatMap(({ name }) => [name, `${name}.scan-1`, `${name}x`]),
    ...['millrace-connect', 'somebody-else'],
  ];

  beforeAll(async () => {
    const admin = await adminOf(fleet);
    try {
      await admin.createTopics(STRANGE_TOPICS.map(strangeTopic));
    } finally {
      await admin.close();
    }
  });

  it.each(principalsOf(topology).map(({ name }) => name))('of %s are those of the topology', async (name) => {
    expect(await actual(fleet, name, topics(), groups)).toEqual(expected(topology, name, topics(), groups));
  });

  it('lose exactly what a line of the topology gave when the line is removed', async () => {
    const reduced = topology.map((service) =>
      service.name === 'fraud' ? without(service, 'order.cancelled') : service,
    );
    await fleet.stack.stop('fraud');
    const admin = await adminOf(fleet);
    try {
      const { deleted, created } = await admin.putAcls(principalsOf(reduced));
      expect(created).toEqual([]);
      expect(deleted).toContain('allow User:fraud read literal topic order.cancelled');
      await eventually(async () => {
        const rights = await actual(fleet, 'fraud', topics(), groups);
        expect(rights).toEqual(expected(reduced, 'fraud', topics(), groups));
        expect(rights).not.toEqual(expected(topology, 'fraud', topics(), groups));
      });
      expect((await admin.putAcls(principalsOf(topology))).created.toSorted()).toEqual(deleted.toSorted());
      await eventually(async () => {
        expect(await admin.putAcls(principalsOf(topology))).toEqual({ created: [], deleted: [] });
      });
    } finally {
      await admin.close();
    }
  });

  it.each([
    ['no password', {}, /connection/i],
    ['a wrong password', { sasl: { username: 'fraud', password: 'wrong' } }, /invalid credentials/i],
  ])('let nobody in with %s', async (_what, login, problem) => {
    const broker = createKafkaBroker({ clientId: 'fraud', brokers: [fleet.stack.kafka], ...login });
    await expect(broker.connect()).rejects.toThrow(problem);
    await broker.close();
  });

  it('keep a service from writing an event past the outbox', async () => {
    const broker = createKafkaBroker({
      ...{ clientId: 'order', brokers: [fleet.stack.kafka], sasl: fleet.stack.kafkaLogin('order')! },
    });
    const forged = { topic: 'order.created', key: Buffer.from('1'), value: Buffer.from('{}'), headers: {} };
    await expect(broker.send([forged])).rejects.toThrow(/Not authorized to access topics/);
    await broker.close();
  });
});

interface Matrix {
  readonly topics: Readonly<Record<string, readonly string[]>>;
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly cluster: readonly string[];
}

async function actual(
  { stack }: SecuredFleet,
  name: string,
  topics: readonly string[],
  groups: readonly string[],
): Promise<Matrix> {
  const rights = await rightsOf({ broker: stack.kafka, login: stack.kafkaLogin(name)! }, topics, groups);
  const sorted = (each: Matrix['topics']) =>
    Object.fromEntries(Object.entries(each).map(([key, operations]) => [key, operations.toSorted()]));
  return {
    topics: sorted(rights.topics),
    groups: sorted(rights.groups),
    cluster: rights.cluster.toSorted(),
  };
}

function expected(
  services: readonly ServiceTopology[],
  name: string,
  topics: readonly string[],
  groups: readonly string[],
): Matrix {
  const principal = principalsOf(services).find((each) => each.name === name)!;
  const rights = (resource: 'topic' | 'group', names: readonly string[]) =>
    Object.fromEntries(names.map((each) => [each, allowedBy(principal, resource, each)]));
  return {
    topics: rights('topic', topics),
    groups: rights('group', groups),
    cluster: allowedBy(principal, 'cluster', 'kafka-cluster'),
  };
}

function adminOf({ stack }: SecuredFleet) {
  return createKafkaAdmin({ clientId: 'test', brokers: [stack.kafka], sasl: stack.kafkaLogin(ADMIN)! });
}

function without(service: ServiceTopology, topic: string): ServiceTopology {
  return { ...service, consumes: service.consumes.filter((subscription) => subscription.topic !== topic) };
}

function strangeTopic(name: string): TopicSpecification {
  return { name, owner: 'nobody', kind: 'domain', partitions: 1, retentionMs: 3_600_000 };
}
