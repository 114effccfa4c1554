import { describe, expect, it } from '@jest/globals';
import { makeValidator } from 'envalid';
import { describeVariables } from './describe-variables.js';
import { brokerList, flag, milliseconds, port, postgresUrl, text } from './index.js';

describe('describeVariables', () => {
  it('tells name, type, need, default and words of each', () => {
    expect(
      describeVariables({
        PORT: port({ default: 3000 }),
        DATABASE_URL: postgresUrl({ desc: 'database', example: 'postgres://u@h/d' }),
        LOG_LEVEL: text({ choices: ['info', 'debug'], default: 'info' }),
        PAUSE_MS: milliseconds({ default: 0 }),
      }),
    ).toEqual([
      { name: 'PORT', type: 'port', required: false, default: '3000' },
      {
        name: 'DATABASE_URL',
        type: '`postgres://` URL',
        required: true,
        description: 'database',
        example: 'postgres://u@h/d',
      },
      { name: 'LOG_LEVEL', type: '`info`, `debug`', required: false, default: 'info' },
      { name: 'PAUSE_MS', type: 'milliseconds', required: false, default: '0' },
    ]);
  });

  it('shows no default where unset means nothing', () => {
    const [brokers, name, off] = describeVariables({
      KAFKA_BROKERS: brokerList({ default: [] }),
      NAME: text({ default: undefined }),
      OFF: flag({ default: false }),
    });
    expect(brokers).not.toHaveProperty('default');
    expect(name).toEqual({ name: 'NAME', type: 'text', required: false });
    expect(off?.default).toBe('false');
  });

  it('refuses a type that it has no words for', () => {
    const colour = makeValidator((input) => input);
    expect(() => describeVariables({ COLOUR: colour() })).toThrow('COLOUR has a type without words');
  });
});
