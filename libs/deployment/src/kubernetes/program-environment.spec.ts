import { describe, expect, it } from '@jest/globals';
import type { Program } from '../environment/programs.js';
import { environmentOf } from './program-environment.js';

const program = (...names: readonly string[]): Program => ({
  name: 'shop-migrate',
  kind: 'migration',
  app: 'shop',
  args: [],
  variables: names.map((name) => ({ name, type: 'text', required: true })),
});

describe('the environment of a program', () => {
  it('gives secrets as files, each from its key', () => {
    const { env, volumes } = environmentOf(program('DATABASE_URL', 'KAFKA_SASL_PASSWORD'), []);
    expect(env).toEqual([
      { name: 'DATABASE_URL_FILE', value: '/run/secrets/millrace/database-url' },
      { name: 'KAFKA_SASL_PASSWORD_FILE', value: '/run/secrets/millrace/kafka-password' },
    ]);
    expect(volumes[0]?.projected?.sources).toMatchObject([
      { secret: { name: 'shop-database', items: [{ key: 'owner-url', path: 'database-url' }] } },
      { secret: { name: 'shop', items: [{ key: 'password', path: 'kafka-password' }] } },
      { secret: { name: 'millrace-postgres-ca' } },
    ]);
  });

  it('leaves alone what has a default and belongs to no place', () => {
    const optional = { ...program(), variables: [{ name: 'SHOP_LIMIT', type: 'text', required: false }] };
    expect(environmentOf(optional, []).env).toEqual([]);
  });

  it('is refused when a required variable has no source, and the message says where to add one', () => {
    expect(() => environmentOf(program('SHOP_TOKEN'), [])).toThrow(
      'shop-migrate does not start without SHOP_TOKEN: say in libs/deployment/src/kubernetes/variable-sources.ts',
    );
  });
});
