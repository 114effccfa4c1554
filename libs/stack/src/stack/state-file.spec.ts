import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { testDirectory } from '../processes/test-directory.fixture.js';
import { readServiceEnvironment, writeServiceEnvironments } from './service-environments.js';
import { readState, writeState } from './state-file.js';

const stack = {
  ...{
    kafka: '127.0.0.1:19092',
    postgres: 'postgres://u:p@127.0.0.1:15432/millrace',
    connect: 'http://127.0.0.1:18083',
    keeper: 'http://127.0.0.1:40001',
  },
  ...{ mail: 'http://127.0.0.1:40000', traces: null, services: { order: 'http://127.0.0.1:3000' } },
  replicas: { order: ['http://127.0.0.1:3000'] },
};

describe('the announcement of a running stack', () => {
  let directory: ReturnType<typeof testDirectory>;

  beforeEach(() => {
    directory = testDirectory();
  });
  afterEach(() => directory.remove());

  it('holds exactly what is documented, for this user only', () => {
    const processes = { postgres: 1, kafka: 2 };
    writeState(directory.path, { ...stack, processes: () => processes });
    expect(readState(directory.path)).toEqual({ ...stack, processes });
    expect(statSync(join(directory.path, 'stack.json')).mode & 0o777).toBe(0o600);
  });

  it('is absent where no stack runs', () => {
    expect(readState(directory.path)).toBeUndefined();
    expect(existsSync(join(directory.path, 'stack.json'))).toBe(false);
  });

  it('comes with the environment of each service, for whoever runs one from source', () => {
    mkdirSync(join(directory.path, 'data'));
    writeServiceEnvironments(join(directory.path, 'data'), (service) => ({ PORT: '1', NAME: service }));
    expect(readServiceEnvironment(directory.path, 'fraud')).toEqual({ PORT: '1', NAME: 'fraud' });
    expect(readServiceEnvironment(directory.path, 'nonesuch')).toBeUndefined();
  });
});
