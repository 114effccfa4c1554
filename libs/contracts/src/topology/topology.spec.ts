import { describe, expect, it } from '@jest/globals';
import { catalogue } from '../catalogue.js';
import { appRole, deadLetterTopic, ownerRole, schemaOf, sourceOf } from './names.js';
import { consumersOf, MAX_MESSAGE_BYTES, producersOf, serviceNamed, topicsOf, topology } from './topology.js';

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

  it('has a dead-letter topic for every subscription, with room for its explanation', () => {
    for (const service of consumersOf(topology)) {
      for (const { topic } of service.consumes) {
        const specification = topics.find(({ name }) => name === deadLetterTopic(service.name, topic));
        expect(specification).toMatchObject({ kind: 'dead-letter', owner: service.name });
        expect(specification?.maxMessageBytes).toBe(MAX_MESSAGE_BYTES + 65_536);
        expect(specification?.partitions).toBe(topics.find(({ name }) => name === topic)?.partitions);
      }
    }
  });

  it('names topics as the outbox and the broker accept them', () => {
    expect(topics.filter(({ name }) => !/^[a-z][a-z0-9.-]{2,200}$/.test(name))).toEqual([]);
  });

  it('tells producers from consumers', () => {
    expect(producersOf(topology).map(({ name }) => name)).toEqual(['order', 'fraud', 'inventory']);
    expect(consumersOf(topology).map(({ name }) => name)).toEqual(names.filter((name) => name !== 'order'));
  });

  it('finds a service by name and names the ones that exist otherwise', () => {
    expect(serviceNamed('fraud').port).toBe(3003);
    expect(() => serviceNamed('shipping')).toThrow("no service 'shipping'; there are order, analytics");
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
    expect(deadLetterTopic('feature-store', 'order.created')).toBe('feature-store.order.created.dlq');
  });
});
