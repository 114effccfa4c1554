import { describe, expect, it } from '@jest/globals';
import { port, postgresUrl, text } from '@millrace/config';
import { serviceNamed } from '@millrace/contracts';
import type { ConfigFile } from './declarations.js';
import { environmentPage } from './environment-page.js';
import { programsOf } from './programs.js';

const files: readonly ConfigFile[] = [
  { path: 'apps/fraud/src/fraud.config.ts', declarations: [{ FRAUD_LIMIT: text({ default: 'x' }) }] },
  {
    path: 'apps/fraud/src/test/again.config.ts',
    declarations: [{ DATABASE_URL: postgresUrl({ desc: 'again' }) }],
  },
  {
    path: 'apps/keeper/src/commands/config/access.config.ts',
    declarations: [{ ADMIN_DATABASE_URL: postgresUrl() }],
  },
  { path: 'apps/keeper/src/run/keeper.config.ts', declarations: [{ CONNECT_URL: text() }] },
  {
    path: 'libs/service/src/process/migrate.config.ts',
    declarations: [(name) => ({ [`${name}_URL`]: text() })],
  },
  {
    path: 'libs/service/src/process/service.config.ts',
    declarations: [
      (name) => ({ PORT: port({ default: name.length }), DATABASE_URL: postgresUrl({ default: '' }) }),
    ],
  },
  { path: 'libs/stack/src/external.config.ts', declarations: [{ EXTERNAL_URL: text() }] },
  {
    path: 'libs/telemetry/src/logging/logger.config.ts',
    declarations: [{ LOG_LEVEL: text({ default: 'info' }) }],
  },
];

const programs = programsOf([serviceNamed('fraud')], files);
const namesOf = (name: string) =>
  programs.find((program) => program.name === name)?.variables.map((variable) => variable.name);

describe('the programs of the fleet', () => {
  it('are a migration and a service each, and the keeper with its commands', () => {
    expect(programs.map(({ name, kind, args }) => [name, kind, args.join(' ')])).toEqual([
      ['fraud-migrate', 'migration', 'dist/migrate.js'],
      ['fraud', 'service', 'dist/main.js'],
      ['keeper-access', 'setup', 'dist/main.js access'],
      ['keeper-capture', 'setup', 'dist/main.js capture'],
      ['keeper', 'keeper', 'dist/main.js run'],
      ['keeper-recover', 'repair', 'dist/main.js recover'],
    ]);
  });

  it('read what the libraries of every service read, and their own', () => {
    expect(namesOf('fraud')).toEqual(['PORT', 'DATABASE_URL', 'LOG_LEVEL', 'FRAUD_LIMIT']);
    expect(namesOf('keeper')).toEqual(['PORT', 'DATABASE_URL', 'LOG_LEVEL', 'CONNECT_URL']);
  });

  it('read less when they end by themselves', () => {
    expect(namesOf('fraud-migrate')).toEqual(['fraud_URL', 'LOG_LEVEL']);
    expect(namesOf('keeper-access')).toEqual(['LOG_LEVEL', 'ADMIN_DATABASE_URL']);
  });

  it('demand a variable that one of their declarations demands', () => {
    const fraud = programs.find(({ name }) => name === 'fraud');
    expect(fraud?.variables.find(({ name }) => name === 'DATABASE_URL')).toMatchObject({
      required: true,
      description: 'again',
    });
  });
});

describe('the reference of the environment', () => {
  const page = environmentPage([serviceNamed('fraud'), serviceNamed('order')], files);

  it('tells what every service reads once, and what one reads under its name', () => {
    expect(page.match(/\| `LOG_LEVEL` \| text \| `info` \|/g)).toHaveLength(4);
    expect(page).toContain(
      '## `fraud`\n\n| Variable | Type | Default | Meaning |\n| --- | --- | --- | --- |\n| `FRAUD_LIMIT` |',
    );
    expect(page).not.toContain('## `order`');
  });

  it('marks what is required', () => {
    expect(page).toContain('| `EXTERNAL_URL` | text | **required** |  |');
  });
});
