import { describe, expect, it } from '@jest/globals';
import { readKeeperConfig } from './keeper.config.js';

describe('the configuration of keeper run', () => {
  it('needs a database, Connect and Kafka, and knows the rest', () => {
    const given = {
      DATABASE_URL: 'postgres://k@h:5432/d',
      CONNECT_URL: 'http://c:8083',
      KAFKA_BROKERS: 'k:9092',
    };
    expect(readKeeperConfig(given)).toEqual({
      databaseUrl: 'postgres://k@h:5432/d',
      connectUrl: 'http://c:8083',
      connectorFile: 'deploy/connect/outbox-connector.json',
      connectorName: 'millrace-outbox',
      slot: 'millrace',
      outboxRetentionDays: 7,
      kafka: { brokers: ['k:9092'] },
      watchEveryMs: 5_000,
      reconcileEveryMs: 20_000,
      reconcileWindowMinutes: 60,
      serviceUrls: new Map(),
    });
  });

  it('reads where the services listen, and refuses what is no name and URL', () => {
    const given = {
      DATABASE_URL: 'postgres://k@h:5432/d',
      CONNECT_URL: 'http://c:8083',
      KAFKA_BROKERS: 'k:9092',
    };
    const urls = 'order=http://o:3000, feature-store=http://f:3005';
    expect([...readKeeperConfig({ ...given, SERVICE_URLS: urls }).serviceUrls]).toEqual([
      ['order', 'http://o:3000'],
      ['feature-store', 'http://f:3005'],
    ]);
    expect(() => readKeeperConfig({ ...given, SERVICE_URLS: 'order:3000' })).toThrow(
      /SERVICE_URLS.*holds 'order:3000', which is no name=http/,
    );
  });

  it('names what is missing or malformed', () => {
    expect(() => readKeeperConfig({ CONNECT_URL: 'c' })).toThrow(/DATABASE_URL.*millrace_keeper/);
    expect(() => readKeeperConfig({ CONNECT_URL: 'c' })).toThrow(/CONNECT_URL/);
  });
});
