import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigError, postgresUrl, readConfig, text } from './index.js';

const variables = { DATABASE_URL: postgresUrl(), RULES_FILE: text({ default: '' }) };

describe('a variable given as a file', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'config-'));
    writeFileSync(at('url'), 'postgres://u:p@h/d\n');
    writeFileSync(at('nonsense'), 'mysql://u:secret@h/d\n');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('has the content of the file as its value, without the line break at the end', () => {
    expect(readConfig(variables, { DATABASE_URL_FILE: at('url') }).DATABASE_URL).toBe('postgres://u:p@h/d');
  });

  it('is checked like any other, and its value is not told', () => {
    const read = () => readConfig(variables, { DATABASE_URL_FILE: at('nonsense') });
    expect(read).toThrow(/DATABASE_URL: is no postgres:\/\/ connection string/);
    expect(read).not.toThrow(/secret/);
  });

  it('names a file that cannot be read', () => {
    const read = () => readConfig(variables, { DATABASE_URL_FILE: at('nowhere') });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(/DATABASE_URL_FILE: the file .*nowhere cannot be read \(ENOENT\)/);
  });

  it('is refused when its value is given as well', () => {
    const both = { DATABASE_URL: 'postgres://u@h/d', DATABASE_URL_FILE: at('url') };
    expect(() => readConfig(variables, both)).toThrow(
      /DATABASE_URL: is set, and so is DATABASE_URL_FILE: unset one/,
    );
  });

  it('leaves a variable alone whose own name ends in _FILE', () => {
    const config = readConfig(
      { ...variables, RULES: text({ default: 'none' }) },
      { DATABASE_URL: 'postgres://u@h/d', RULES_FILE: at('rules.json') },
    );
    expect(config).toMatchObject({ RULES: 'none', RULES_FILE: at('rules.json') });
  });
});
