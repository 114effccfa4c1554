import { afterEach, describe, expect, it } from '@jest/globals';
import type { FleetPlace } from './fleet-place.js';
import {
  databaseUrl,
  keeperEnvironment,
  migrationEnvironment,
  serviceEnvironment,
  setupEnvironment,
} from './fleet-environment.js';
import { replicaNames } from './replica-names.js';

const place: FleetPlace = {
  ...{ root: '/checkout', kafka: '127.0.0.1:19092', connect: 'http://127.0.0.1:18083', slot: 'millrace' },
  postgres: 'postgres://postgres:top@127.0.0.1:15432/millrace',
  smtp: 'smtp://127.0.0.1:2525',
  secrets: {
    superuser: 'top',
    roles: { fraud_app: 'a b', fraud_owner: 'o', millrace_keeper: 'k' },
    principals: { fraud: 'f', keeper: 'kk', admin: 'aa' },
    fraudKey: 'hashed with this',
  },
  secured: false,
  rolePasswordsFile: '/checkout/.millrace/data/role-passwords.json',
  ports: { fraud: 3_003, 'fraud#2': 20_001, keeper: 20_002 },
  extra: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' },
};

describe('the environment of the fleet', () => {
  afterEach(() => {
    delete process.env['DATABASE_URL'];
  });

  it('gives a service its own role, its port and what was added, and nothing of ours', () => {
    process.env['DATABASE_URL'] = 'postgres://somewhere/else';
    expect(serviceEnvironment(place, 'fraud')).toMatchObject({
      DATABASE_URL: 'postgres://fraud_app:a%20b@127.0.0.1:15432/millrace',
      KAFKA_BROKERS: '127.0.0.1:19092',
      HOST: '127.0.0.1',
      PORT: '3003',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
    });
    expect(JSON.stringify(serviceEnvironment(place, 'fraud'))).not.toContain('top@');
  });

  it('differs between instances by the port alone', () => {
    const [first, second] = replicaNames('fraud', 2).map((name) => serviceEnvironment(place, 'fraud', name));
    expect(second).toEqual({ ...first, PORT: '20001' });
  });

  it('runs migrations as the owner of the schema', () => {
    expect(migrationEnvironment(place, 'fraud')['DATABASE_URL']).toContain('//fraud_owner:o@');
  });

  it('leads the keeper to Connect and to the connector file', () => {
    expect(keeperEnvironment(place)).toMatchObject({
      DATABASE_URL: 'postgres://millrace_keeper:k@127.0.0.1:15432/millrace',
      CONNECT_URL: 'http://127.0.0.1:18083',
      CONNECTOR_FILE: '/checkout/deploy/connect/outbox-connector.json',
      PORT: '20002',
    });
  });

  it('tells the keeper where each service listens, once', () => {
    expect(keeperEnvironment(place)['SERVICE_URLS']).toBe('fraud=http://127.0.0.1:3003');
  });

  it('lets nobody log in and slows nobody down, unless it is told to', () => {
    expect(serviceEnvironment(place, 'fraud')).toMatchObject({ AUTH: 'off', RATE_LIMIT_REQUESTS: '0' });
    const closed = { ...place, extra: { AUTH: 'jwt' } };
    expect(serviceEnvironment(closed, 'fraud')['AUTH']).toBe('jwt');
  });

  it('gives everybody a name of its own on secured brokers, and no name on open ones', () => {
    const secured = { ...place, secured: true };
    const names = [
      serviceEnvironment(secured, 'fraud'),
      setupEnvironment(secured, 'access'),
      setupEnvironment(secured, 'capture'),
      keeperEnvironment(secured),
    ].map((environment) => [
      environment['KAFKA_SASL_USERNAME'],
      environment['KAFKA_SASL_PASSWORD'],
      environment['KAFKA_ACLS'],
    ]);
    expect(names).toEqual([
      ['fraud', 'f', undefined],
      ['admin', 'aa', 'true'],
      ['keeper', 'kk', undefined],
      ['keeper', 'kk', undefined],
    ]);
    expect(serviceEnvironment(place, 'fraud')['KAFKA_SASL_USERNAME']).toBeUndefined();
  });

  it('says which roles there are when asked for another', () => {
    expect(() => databaseUrl(place, 'nobody')).toThrow(
      /no password for the role 'nobody'; it has: fraud_app/,
    );
  });
});
