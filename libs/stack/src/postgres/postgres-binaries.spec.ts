import { mkdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { testDirectory } from '../processes/test-directory.fixture.js';
import { unprivilegedUser } from './postgres-account.js';
import { restoreLinks } from './postgres-binaries.js';
import { postgresSettings, settingArguments } from './postgres-settings.js';

describe('the links of the Postgres package', () => {
  let directory: ReturnType<typeof testDirectory>;
  const library = () => join(directory.path, 'native', 'lib');

  beforeEach(() => {
    directory = testDirectory();
    mkdirSync(library(), { recursive: true });
    writeFileSync(join(library(), 'libpq.so.5.18'), '');
    const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }];
    writeFileSync(join(directory.path, 'native', 'pg-symlinks.json'), JSON.stringify(links));
  });
  afterEach(() => directory.remove());

  it('are made where the install script did not run, relative so that the folder may move', () => {
    restoreLinks(directory.path);
    expect(readlinkSync(join(library(), 'libpq.so.5'))).toBe('libpq.so.5.18');
  });

  it('are left alone where they are', () => {
    restoreLinks(directory.path);
    restoreLinks(directory.path);
    expect(readlinkSync(join(library(), 'libpq.so.5'))).toBe('libpq.so.5.18');
  });

  it('that cannot be made are reported with what to do', () => {
    rmSync(library(), { recursive: true });
    expect(() => restoreLinks(directory.path)).toThrow(/run npm rebuild/);
  });
});

describe('the user that Postgres runs as under root', () => {
  it('is postgres where that user exists, else nobody', () => {
    const nobody = 'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n';
    expect(unprivilegedUser(nobody)).toEqual({ uid: 65_534, gid: 65_534 });
    expect(unprivilegedUser(`${nobody}postgres:x:101:104::/:/bin/false\n`)).toEqual({ uid: 101, gid: 104 });
    expect(unprivilegedUser('root:x:0:0::/root:/bin/sh\n')).toBeUndefined();
  });
});

describe('the settings of the embedded Postgres', () => {
  it('leave durability alone', () => {
    expect(Object.keys(postgresSettings)).not.toEqual(expect.arrayContaining(['fsync']));
    expect(Object.keys(postgresSettings)).not.toEqual(expect.arrayContaining(['synchronous_commit']));
  });

  it('become arguments', () => {
    expect(settingArguments({ wal_level: 'logical' })).toEqual(['-c', 'wal_level=logical']);
  });
});
