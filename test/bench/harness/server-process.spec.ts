import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BenchError } from './bench.error.js';
import { ServerProcess } from './server-process.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'server-process-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

function program(text: string): URL {
  const file = join(folder, 'server.mjs');
  writeFileSync(file, text);
  return pathToFileURL(file);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('a server that is measured', () => {
  it('is ready once it answers 200, and is gone when it was stopped', async () => {
    const port = await freePort();
    const text = `
      import { createServer } from 'node:http';
      let asked = 0;
      createServer((_, response) => response.writeHead((asked += 1) < 3 ? 503 : 200).end()).listen(${port}, '127.0.0.1');`;
    const probe = `http://127.0.0.1:${port}/`;
    const server = await ServerProcess.start({
      program: program(text),
      nodeOptions: [],
      environment: {},
      probe,
    });
    expect(() => process.kill(server.pid, 0)).not.toThrow();
    await server.stop();
    await server.stop();
    expect(() => process.kill(server.pid, 0)).toThrow('ESRCH');
  });

  it('is refused with its last words when it ends instead', async () => {
    const port = await freePort();
    const starting = ServerProcess.start({
      program: program(`console.error('no database'); process.exit(3);`),
      nodeOptions: [],
      environment: {},
      probe: `http://127.0.0.1:${port}/`,
    });
    await expect(starting).rejects.toThrow(BenchError);
    await expect(starting).rejects.toThrow('no database');
  });
});
