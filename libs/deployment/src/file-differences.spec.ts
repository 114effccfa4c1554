import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { differencesOf, writeFiles } from './file-differences.js';
import { MANIFESTS } from './generated-files.js';

const files = new Map([
  ['docs/page.md', 'page\n'],
  [`${MANIFESTS}/order.yaml`, 'kind: Deployment\n'],
]);

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'millrace-generated-'));
});
afterEach(() => rmSync(root, { recursive: true }));

describe('generated files', () => {
  it('are written where they are missing, and then differ no more', () => {
    expect(writeFiles(root, files).map(({ problem }) => problem)).toEqual(['missing', 'missing']);
    expect(readFileSync(join(root, 'docs/page.md'), 'utf8')).toBe('page\n');
    expect(differencesOf(root, files)).toEqual([]);
  });

  it('are told when they differ, and made good', () => {
    writeFiles(root, files);
    const changed = new Map(files).set('docs/page.md', 'another\n');
    expect(differencesOf(root, changed)).toEqual([{ path: 'docs/page.md', problem: 'differs' }]);
    writeFiles(root, changed);
    expect(differencesOf(root, changed)).toEqual([]);
  });

  it('are removed when the topology no longer yields them', () => {
    writeFiles(root, files);
    const fewer = new Map([...files].slice(0, 1));
    expect(writeFiles(root, fewer)).toEqual([{ path: `${MANIFESTS}/order.yaml`, problem: 'left over' }]);
    expect(differencesOf(root, fewer)).toEqual([]);
  });
});
