import { describe, expect, it } from '@jest/globals';
import { catalogue } from '../catalogue.js';
import { appRole, deadLetterTopic, ownerRole, replayTopic, retryTopic, schemaOf, sourceOf } from './names.js';
import { topicsOf } from './topics-of.js';
import { consumersOf, producersOf, serviceNamed, topology } from './topology.js';

const names = topology.map(({ name }) => name);
const topics = topicsOf(topology);

describe('the topology', () => {
  it('names every service, port and topic once', () => {
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(topology.map(({ port }) => port)).size).toBe(topology.length);
    expect(new Set(topics.map(({ name }) => name)).size).toBe(topics.length);
  });

  it('gives every topic an owner that exists', () => {
    expect(topics.filter(({ owner }) => !names.includes(owner))).toEqual([]);
  });

  it('lets nobody consume what nobody produces', () => {
    const produced = new Set(topology.flatMap(({ produces }) => produces.map(({ name }) => name)));
    const consumed = topology.flatMap(({ consumes }) => consumes.map(({ topic }) => topic));
    expect(consumed.filter((topic) => !produced.has(topic))).toEqual([]);
  });

  it('names topics as the outbox and the broker accept them', () => {
    expect(topics.filter(({ name }) => !/^[a-z][a-z0-9.-]{2,200}$/.test(name))).toEqual([]);
  });

  it('tells producers from consumers', () => {
    expect(producersOf(topology).map(({ name }) => name)).toEqual(['order', 'fraud', 'inventory']);
    expect(consumersOf(topology).map(({ name }) => name)).toEqual(names);
    expect(consumersOf([{ ...serviceNamed('order'), consumes: [] }])).toEqual([]);
  });

  it('tells who consumes a topic', () => {
    const [order, fraud] = [serviceNamed('order'), serviceNamed('fraud')];
    const judged = { ...order, consumes: [{ topic: 'fraud.assessed', ordering: 'key' as const }] };
    expect(consumersOf([judged, fraud], 'order.created')).toEqual([fraud]);
    expect(consumersOf([judged, fraud], 'fraud.assessed')).toEqual([judged]);
    expect(consumersOf([judged, fraud], 'order.confirmed')).toEqual([]);
  });

  it('finds a service by name and names the ones that exist otherwise', () => {
    expect(serviceNamed('fraud').port).toBe(3003);
    expect(() => serviceNamed('nonesuch')).toThrow("no service 'nonesuch'; there are order, analytics");
  });
});

describe('the catalogue', () => {
  it.each(catalogue.map((definition) => [definition.type, definition] as const))(
    '%s is carried by a topic of its owner',
    (_, definition) => {
      const owner = topology.find(({ produces }) =>
        produces.some(({ events }) => events.includes(definition)),
      );
      expect(owner?.name).toBe(definition.owner);
      expect(topics.find(({ name }) => name === definition.topic)?.kind).toBe('domain');
      expect(definition.source).toBe(sourceOf(definition.owner));
    },
  );

  it.each(catalogue.map((definition) => [definition.type, definition] as const))(
    '%s has a key that its schema demands as text',
    (_, { schema, key }) => {
      expect(schema.required).toContain(key);
      expect(schema.properties[key]).toMatchObject({ type: 'string' });
    },
  );

  it.each(catalogue.map((definition) => [definition.type, definition] as const))(
    '%s has an example and names type and version in its schema URN',
    (_, { examples, dataSchema, type, version }) => {
      expect(examples.length).toBeGreaterThan(0);
      expect(dataSchema).toBe(`urn:millrace:schema:${type}:${version}`);
    },
  );

  it.each(catalogue.map((definition) => [definition.type, definition] as const))(
    '%s points at fields that exist when it names personal data',
    (_, { schema, personalData }) => {
      const fields = Object.keys(schema.properties).map((name) => `/${name}`);
      expect(personalData.filter((pointer) => !fields.includes(pointer))).toEqual([]);
    },
  );

  it('has every type once', () => {
    expect(new Set(catalogue.map(({ type }) => type)).size).toBe(catalogue.length);
  });
});

describe('names', () => {
  it('replaces hyphens for Postgres and keeps them for sources and topics', () => {
    expect(schemaOf('feature-store')).toBe('feature_store');
    expect(ownerRole('feature-store')).toBe('feature_store_owner');
    expect(appRole('feature-store')).toBe('feature_store_app');
    expect(sourceOf('feature-store')).toBe('/millrace/feature-store');
  });

  it("puts the group first in the topics beside a source topic, so that one prefix covers all of a group's", () => {
    const [group, topic] = ['feature-store', 'order.created'];
    expect(deadLetterTopic(group, topic)).toBe('feature-store.order.created.dlq');
    expect(retryTopic(group, topic, '10m')).toBe('feature-store.order.created.retry.10m');
    expect(replayTopic(group, topic)).toBe('feature-store.order.created.replay');
  });
});
