import { describe, expect, it } from '@jest/globals';
import { readKeeperConfig } from './keeper.config.js';

describe('the configuration of keeper run', () => {
  it('needs a database and Connect, and knows the rest', () => {
    const given = { DATABASE_URL: 'postgres://k@h:5432/d', CONNECT_URL: 'http://c:8083' };
    expect(readKeeperConfig(given)).toEqual({
      databaseUrl: 'postgres://k@h:5432/d',
      connectUrl: 'http://c:8083',
      connectorFile: 'deploy/connect/outbox-connector.json',
      connectorName: 'millrace-outbox',
      slot: 'millrace',
      outboxRetentionDays: 7,
    });
  });

  it('names what is missing or malformed', () => {
    expect(() => readKeeperConfig({ CONNECT_URL: 'c' })).toThrow(/DATABASE_URL.*millrace_keeper/);
    expect(() => readKeeperConfig({ CONNECT_URL: 'c' })).toThrow(/CONNECT_URL/);
  });
});
