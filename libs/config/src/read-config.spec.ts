import { describe, expect, it } from '@jest/globals';
import { brokerList, ConfigError, port, postgresUrl, readConfig, readTogether, text, url } from './index.js';

describe('readConfig', () => {
  it('returns typed values and defaults', () => {
    const config = readConfig(
      { PORT: port({ default: 3000 }), KAFKA_BROKERS: brokerList(), NAME: text({ default: undefined }) },
      { KAFKA_BROKERS: 'a:1, b:2' },
    );
    expect(config.PORT).toBe(3000);
    expect(config.KAFKA_BROKERS).toEqual(['a:1', 'b:2']);
    expect(config.NAME).toBeUndefined();
  });

  it('takes an empty variable as one that is not set', () => {
    const specs = { PORT: port({ default: 3000 }), RECEIVER: url({ default: undefined }) };
    expect(readConfig(specs, { PORT: '', RECEIVER: '' })).toEqual({ PORT: 3000, RECEIVER: undefined });
    expect(() => readConfig({ KAFKA_BROKERS: brokerList() }, { KAFKA_BROKERS: '' })).toThrow(
      /KAFKA_BROKERS: is not set/,
    );
  });

  it('names every variable that is missing or malformed, with what it is for', () => {
    const read = () =>
      readConfig(
        {
          DATABASE_URL: postgresUrl({
            desc: 'the database of this service',
            example: 'postgres://u@h:5432/d',
          }),
          KAFKA_BROKERS: brokerList(),
        },
        { KAFKA_BROKERS: 'nowhere' },
      );
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(
      /DATABASE_URL: is not set \(the database of this service, for example postgres:\/\/u@h:5432\/d\)/,
    );
    expect(read).toThrow(/KAFKA_BROKERS.*host:port/s);
  });
});

describe('readTogether', () => {
  const missing = (name: string) => () => readConfig({ [name]: text() }, {});

  it('returns what each reader returns', () => {
    expect(readTogether<{ a: number; b: string }>({ a: () => 1, b: () => 'two' })).toEqual({
      a: 1,
      b: 'two',
    });
  });

  it('tells the problems of all readers at once, and lets other errors through', () => {
    const read = () => readTogether({ a: missing('FIRST'), b: missing('SECOND') });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(/FIRST: is not set[^]*SECOND: is not set/);
    const broken = () => {
      throw new RangeError('broken');
    };
    expect(() => readTogether({ a: missing('FIRST'), b: broken })).toThrow('broken');
  });
});
