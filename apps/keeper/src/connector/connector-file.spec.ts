import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readConnectorFile } from './connector-file.js';

describe('reading a connector file', () => {
  let path: string;
  beforeAll(async () => {
    path = join(await mkdtemp(join(tmpdir(), 'connector-')), 'connector.json');
  });
  afterAll(() => rm(join(path, '..'), { recursive: true }));

  it('gives its settings', async () => {
    await writeFile(path, '{"tasks.max":"1"}');
    await expect(readConnectorFile(path)).resolves.toEqual({ 'tasks.max': '1' });
  });

  it.each([
    ['no JSON', 'tasks.max=1', 'is no JSON'],
    ['a list', '["1"]', 'is no flat JSON object of texts'],
    ['a number as a value', '{"tasks.max":1}', 'is no flat JSON object of texts'],
    ['a body for POST', '{"name":"x","config":{}}', 'is no flat JSON object of texts'],
  ])('refuses %s and says which file to give', async (_what, content, problem) => {
    await writeFile(path, content);
    await expect(readConnectorFile(path)).rejects.toThrow(problem);
    await expect(readConnectorFile(path)).rejects.toThrow('CONNECTOR_FILE');
  });

  it('refuses a file that is not there', async () => {
    await expect(readConnectorFile('/nowhere.json')).rejects.toThrow('/nowhere.json cannot be read');
  });
});
