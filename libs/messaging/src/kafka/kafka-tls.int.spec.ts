import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { kafkaClient, type KafkaSettings } from './kafka-client.js';

const PASSWORD = 'changeit';
const run = promisify(execFile);
// Java's own tool: it is there wherever the embedded stack runs.
const KEYTOOL = process.env['JAVA_HOME'] ? join(process.env['JAVA_HOME'], 'bin', 'keytool') : 'keytool';

let folder: string;
let server: Server;
let authority: string;
let greeted = 0;

/** A server that takes encrypted connections and hangs up: whether it trusts them is the client's to say. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tls-'));
  const store = join(folder, 'broker.p12');
  const of = ['-alias', 'broker', '-keystore', store, '-storepass', PASSWORD];
  const names = ['-dname', 'CN=localhost', '-ext', 'SAN=dns:localhost', '-validity', '1'];
  await run(KEYTOOL, ['-genkeypair', '-keyalg', 'EC', '-storetype', 'PKCS12', ...names, ...of]);
  authority = (await run(KEYTOOL, ['-exportcert', '-rfc', ...of])).stdout;
  server = createServer({ pfx: await readFile(store), passphrase: PASSWORD }, (socket) => {
    greeted += 1;
    socket.on('error', () => undefined).destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(async () => {
  server.close();
  await once(server, 'close');
  await rm(folder, { recursive: true });
});

/** Why a connection to the server ended. */
async function endOf(tls?: KafkaSettings['tls']): Promise<string> {
  const { port } = server.address() as AddressInfo;
  const settings = { clientId: 'test', brokers: [`localhost:${port}`], ...(tls ? { tls } : {}) };
  const admin = kafkaClient(settings).admin({ retry: { retries: 0 } });
  return admin.connect().then(
    () => 'connected',
    (error: Error) => error.message,
  );
}

describe('a connection to brokers with TLS', () => {
  it('is made when their authority is given', async () => {
    greeted = 0;
    expect(await endOf({ ca: authority })).toMatch(/closed/i);
    expect(greeted).toBeGreaterThan(0);
  });

  it('is refused by the client when nobody vouches for them', async () => {
    expect(await endOf({})).toMatch(/self.signed certificate/i);
  });

  it('is not made in clear text', async () => {
    greeted = 0;
    await endOf();
    expect(greeted).toBe(0);
  });
});
