import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { topology } from '@millrace/contracts';
import { readJson } from '../guard/json-file.js';
import { testDirectory } from '../processes/test-directory.fixture.js';
import { loadSecrets, writeRolePasswords } from './secrets.js';

describe('the secrets of a data directory', () => {
  let directory: ReturnType<typeof testDirectory>;

  beforeEach(() => {
    directory = testDirectory();
  });
  afterEach(() => directory.remove());

  it('are made once, differ, and are readable by this user only', () => {
    const first = loadSecrets(directory.path, topology);
    expect(loadSecrets(directory.path, topology)).toEqual(first);
    const passwords = [
      ...[first.superuser, first.fraudKey],
      ...[...Object.values(first.roles), ...Object.values(first.principals)],
    ];
    expect(new Set(passwords).size).toBe(passwords.length);
    expect(statSync(join(directory.path, 'secrets.json')).mode & 0o777).toBe(0o600);
  });

  it('have a password for the owner and the app of every service, the capture and the keeper', () => {
    const file = writeRolePasswords(directory.path, loadSecrets(directory.path, topology));
    expect(Object.keys(readJson<object>(file) ?? {})).toEqual(
      expect.arrayContaining([
        'order_owner',
        'order_app',
        'feature_store_app',
        'millrace_capture',
        'millrace_keeper',
      ]),
    );
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('have a password for every principal of the brokers, and for their administrator', () => {
    const { principals } = loadSecrets(directory.path, topology);
    expect(Object.keys(principals)).toEqual(
      expect.arrayContaining(['order', 'feature-store', 'connect', 'keeper', 'admin']),
    );
  });

  it('grow with the fleet and keep what they have', () => {
    const small = loadSecrets(directory.path, topology.slice(0, 1));
    const grown = loadSecrets(directory.path, topology);
    expect(grown.roles).toMatchObject(small.roles);
    expect(Object.keys(grown.roles).length).toBeGreaterThan(Object.keys(small.roles).length);
  });
});
