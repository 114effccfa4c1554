import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { testDirectory } from '../processes/test-directory.fixture.js';
import { writeScrapeTargets } from './scrape-targets.js';

describe('the targets of Prometheus', () => {
  let directory: ReturnType<typeof testDirectory>;

  beforeEach(() => {
    directory = testDirectory();
  });
  afterEach(() => directory.remove());

  it('are every instance of every service and the keeper, by job', () => {
    writeScrapeTargets(directory.path, {
      replicas: {
        order: ['http://127.0.0.1:3000'],
        fraud: ['http://127.0.0.1:3003', 'http://127.0.0.1:40000'],
      },
      keeper: 'http://127.0.0.1:40001',
    });
    expect(JSON.parse(readFileSync(join(directory.path, 'targets.json'), 'utf8'))).toEqual([
      { targets: ['127.0.0.1:3000'], labels: { job: 'order' } },
      { targets: ['127.0.0.1:3003', '127.0.0.1:40000'], labels: { job: 'fraud' } },
      { targets: ['127.0.0.1:40001'], labels: { job: 'keeper' } },
    ]);
  });
});
