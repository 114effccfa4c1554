import { describe, expect, it } from '@jest/globals';
import { kafkaConnectionOf, kafkaVariables, readConfig } from './index.js';

const brokers = { KAFKA_BROKERS: 'a:1' };

function connection(environment: NodeJS.ProcessEnv, required = true) {
  return kafkaConnectionOf(readConfig(kafkaVariables({ required }), environment));
}

describe('the connection to Kafka', () => {
  it('is open unless the environment says more', () => {
    expect(connection(brokers)).toEqual({ brokers: ['a:1'] });
    expect(connection({}, false)).toEqual({ brokers: [] });
    expect(() => connection({})).toThrow(/KAFKA_BROKERS: is not set/);
  });

  it('has a name and a password where they are given', () => {
    const given = { ...brokers, KAFKA_SASL_USERNAME: 'fraud', KAFKA_SASL_PASSWORD: 'pw' };
    expect(connection(given)).toEqual({
      brokers: ['a:1'],
      sasl: { username: 'fraud', password: 'pw' },
    });
  });

  it.each([
    ['a flag', { KAFKA_TLS: 'true' }, {}],
    ['an authority', { KAFKA_TLS_CA: 'ca' }, { ca: 'ca' }],
    ['a client certificate', { KAFKA_TLS_CERT: 'cert', KAFKA_TLS_KEY: 'key' }, { cert: 'cert', key: 'key' }],
  ])('is encrypted with %s', (_what, given, tls) => {
    expect(connection({ ...brokers, ...given })).toEqual({ brokers: ['a:1'], tls });
  });

  it.each([
    [{ KAFKA_SASL_USERNAME: 'fraud' }, /KAFKA_SASL_PASSWORD: is not set although KAFKA_SASL_USERNAME is/],
    [{ KAFKA_SASL_PASSWORD: 'pw' }, /KAFKA_SASL_USERNAME: is not set although KAFKA_SASL_PASSWORD is/],
    [{ KAFKA_TLS_KEY: 'key' }, /KAFKA_TLS_CERT: is not set although KAFKA_TLS_KEY is/],
  ])('refuses half of a pair: %j', (given, problem) => {
    expect(() => connection({ ...brokers, ...given })).toThrow(problem);
  });
});
