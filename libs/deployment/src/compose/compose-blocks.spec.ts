import { describe, expect, it } from '@jest/globals';
import { serviceNamed } from '@millrace/contracts';
import { parse } from 'yaml';
import type { Program } from '../environment/programs.js';
import { withServices } from './compose-blocks.js';

const FILE = `x-service: &service { restart: unless-stopped }
x-migration: &migration { command: [dist/migrate.js] }
x-environment: &environment { KAFKA_BROKERS: 'kafka:9092' }
x-build: &build { context: . }
services:
  secrets:
    volumes:
      # <generated secret volumes>
      # </generated secret volumes>
  capture:
    depends_on:
      # <generated migrations>
      # </generated migrations>
  keeper:
    environment:
      # <generated service urls>
      # </generated service urls>
    networks:
      database: {}
      # <generated networks of keeper>
      # </generated networks of keeper>
  prometheus:
    networks:
      # <generated networks of prometheus>
      # </generated networks of prometheus>
  postgres:
    networks:
      # <generated networks of postgres>
      # </generated networks of postgres>
  kafka:
    networks:
      # <generated networks of kafka>
      # </generated networks of kafka>
  jaeger:
    networks:
      # <generated networks of jaeger>
      # </generated networks of jaeger>
  # <generated services>
  # </generated services>
configs:
  # <generated prometheus targets>
  # </generated prometheus targets>
networks:
  # <generated networks>
  # </generated networks>
volumes:
  # <generated volumes>
  # </generated volumes>
`;

const services = [serviceNamed('notification'), serviceNamed('feature-store')];
const programs: readonly Program[] = services.map(({ name }) => ({
  name,
  kind: 'service',
  app: name,
  args: [],
  variables: name === 'notification' ? [{ name: 'SMTP_URL', type: 'URL', required: true }] : [],
}));

describe('the compose file', () => {
  const compose = parse(withServices(FILE, services, programs), { merge: true });

  it('runs each service after its migration, with a volume for its secrets', () => {
    expect(Object.keys(compose.services)).toEqual([
      ...['secrets', 'capture', 'keeper', 'prometheus', 'postgres', 'kafka', 'jaeger'],
      ...['notification-migrate', 'notification'],
      ...['feature-store-migrate', 'feature-store'],
    ]);
    expect(compose.services['feature-store']).toEqual({
      restart: 'unless-stopped',
      image: 'millrace/feature-store:${MILLRACE_TAG:-dev}',
      build: { context: '.', args: { SERVICE: 'feature-store' } },
      environment: { KAFKA_BROKERS: 'kafka:9092' },
      networks: ['feature-store-only', 'published'],
      ports: ['127.0.0.1:${FEATURE_STORE_PORT:-3005}:8080'],
      volumes: ['feature-store-secrets:/run/secrets:ro'],
    });
    expect(compose.services['feature-store-migrate']).toEqual({
      command: ['dist/migrate.js'],
      image: 'millrace/feature-store:${MILLRACE_TAG:-dev}',
      environment: { DATABASE_URL_FILE: '/run/secrets/feature-store-database-url' },
    });
    expect(compose.volumes).toEqual({ 'notification-secrets': null, 'feature-store-secrets': null });
    expect(compose.services.secrets.volumes).toEqual([
      'notification-secrets:/secrets/notification',
      'feature-store-secrets:/secrets/feature-store',
    ]);
  });

  it('prepares capture when all migrations have ended', () => {
    expect(compose.services.capture.depends_on).toEqual({
      'notification-migrate': { condition: 'service_completed_successfully' },
      'feature-store-migrate': { condition: 'service_completed_successfully' },
    });
  });

  it('tells the keeper and Prometheus where every program listens', () => {
    expect(compose.services.keeper.environment.SERVICE_URLS).toBe(
      'notification=http://notification:8080,feature-store=http://feature-store:8080',
    );
    expect(JSON.parse(compose.configs['prometheus-targets'].content)).toEqual([
      { targets: ['notification:8080'], labels: { job: 'notification' } },
      { targets: ['feature-store:8080'], labels: { job: 'feature-store' } },
      { targets: ['keeper:8080'], labels: { job: 'keeper' } },
    ]);
  });

  it('tells the mail server to whoever reads it, and lets it reach that', () => {
    expect(compose.services.notification).toMatchObject({
      environment: { KAFKA_BROKERS: 'kafka:9092', SMTP_URL: 'smtp://mail.fleet:1025' },
      networks: ['notification-only', 'mail', 'published'],
    });
  });

  it('gives each service a network on which are only it, what it needs and who looks after it', () => {
    expect(compose.networks).toEqual({
      'notification-only': { internal: true },
      'feature-store-only': { internal: true },
    });
    const aliases = (server: string) => ({
      'notification-only': { aliases: [server] },
      'feature-store-only': { aliases: [server] },
    });
    expect(compose.services.postgres.networks).toEqual(aliases('postgres.fleet'));
    expect(compose.services.kafka.networks).toEqual(aliases('kafka.fleet'));
    expect(compose.services.jaeger.networks).toEqual(aliases('jaeger.fleet'));
    const visited = { 'notification-only': {}, 'feature-store-only': {} };
    expect(compose.services.prometheus.networks).toEqual(visited);
    expect(compose.services.keeper.networks).toEqual({ database: {}, ...visited });
  });
});
