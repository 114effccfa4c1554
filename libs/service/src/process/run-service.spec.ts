import { Agent, get } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { spawnProgram, type SpawnedProgram } from '@millrace/testing';

const STOPPING = new URL('./stopping.fixture.ts', import.meta.url);
const STARTING = new URL('./starting.fixture.ts', import.meta.url);

let program: SpawnedProgram | undefined;

afterEach(async () => {
  program?.process.kill('SIGKILL');
  await program?.exit();
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function started(
  environment: Record<string, string> = {},
): Promise<{ running: SpawnedProgram; url: string }> {
  const port = await freePort();
  const running = spawnProgram(STOPPING, { PORT: String(port), AUTH: 'off', ...environment });
  program = running;
  await running.prints(/"listening"/);
  return { running, url: `http://127.0.0.1:${port}` };
}

/** The program's own words, in order, without its log lines. */
function told(running: SpawnedProgram): string[] {
  return running
    .output()
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('{'));
}

describe('a stop', () => {
  it('drains while HTTP still answers, then closes HTTP, then telemetry, and exits with 0', async () => {
    const { running } = await started();
    running.process.kill('SIGTERM');
    expect(await running.exit()).toBe(0);
    expect(told(running)).toEqual([
      'drain, ready answers 503',
      'modules close',
      'shut down, ready answers nothing',
      'telemetry flushed',
    ]);
    expect(running.errors()).toBe('');
  });

  it('lets a request in flight end and its connection with it', async () => {
    const { running, url } = await started();
    const agent = new Agent({ keepAlive: true });
    const request = get(`${url}/slow`, { agent });
    const response = once(request, 'response');
    await running.prints(/slow request begins/);
    running.process.kill('SIGINT');
    const [answer] = (await response) as [import('node:http').IncomingMessage];
    answer.resume();
    expect(answer.statusCode).toBe(200);
    expect(answer.headers.connection).toBe('close');
    expect(await running.exit()).toBe(0);
    agent.destroy();
  });

  it('does not wait for idle connections', async () => {
    const { running, url } = await started();
    const agent = new Agent({ keepAlive: true });
    const [answer] = (await once(get(`${url}/health/live`, { agent }), 'response')) as [
      import('node:http').IncomingMessage,
    ];
    answer.resume();
    await once(answer, 'end');
    const before = performance.now();
    running.process.kill('SIGTERM');
    expect(await running.exit()).toBe(0);
    expect(performance.now() - before).toBeLessThan(20_000);
    agent.destroy();
  });

  it('ends at once on the same signal again', async () => {
    const { running } = await started({ CAPTURE_SLOT: 'hang' });
    running.process.kill('SIGTERM');
    await running.prints(/drain/);
    running.process.kill('SIGTERM');
    expect(await running.exit()).toBe(1);
    expect(told(running)).toEqual(['drain, ready answers 503']);
  });

  it('may come in the middle of a start', async () => {
    program = spawnProgram(STOPPING, { PORT: String(await freePort()), CAPTURE_SLOT: 'early', AUTH: 'off' });
    expect(await program.exit()).toBe(0);
    expect(told(program).at(-1)).toBe('telemetry flushed');
    expect(program.errors()).toBe('');
  });

  it('goes on in order when another signal follows the first', async () => {
    const { running, url } = await started();
    const request = get(`${url}/slow`);
    request.on('error', () => undefined).on('response', (answer) => answer.resume());
    await running.prints(/slow request begins/);
    running.process.kill('SIGINT');
    running.process.kill('SIGTERM');
    expect(await running.exit()).toBe(0);
    expect(told(running).at(-1)).toBe('telemetry flushed');
  });
});

describe('a start that fails', () => {
  it('names every variable that is missing in one message without a stack', async () => {
    program = spawnProgram(STARTING, {});
    expect(await program.exit()).toBe(1);
    expect(program.errors()).toMatch(/^fraud could not start\. The configuration is not usable:\n/);
    expect(program.errors()).toMatch(/DATABASE_URL.*database of this service/);
    expect(program.errors()).toMatch(/KAFKA_BROKERS/);
    expect(program.errors()).toMatch(/AUTH_JWKS_URL: is not set .*AUTH=off needs none, and serves anybody/);
    expect(program.errors()).not.toMatch(/\n\s+at /);
  });

  it('says in one sentence that the database is away', async () => {
    program = spawnProgram(STARTING, {
      DATABASE_URL: `postgres://fraud_app:secret@127.0.0.1:${await freePort()}/millrace`,
      KAFKA_BROKERS: '127.0.0.1:1',
      AUTH: 'off',
    });
    expect(await program.exit()).toBe(1);
    expect(program.errors()).toMatch(/^fraud could not start: connect ECONNREFUSED 127\.0\.0\.1:\d+ .*\n$/);
    expect(program.errors()).not.toContain('secret');
  });

  it('says in one sentence that its port is taken', async () => {
    const { url } = await started();
    const second = spawnProgram(STOPPING, { PORT: new URL(url).port, AUTH: 'off' });
    expect(await second.exit()).toBe(1);
    expect(second.errors()).toMatch(
      /^witness could not start: its address is taken .*; set PORT to a free one\.\n$/,
    );
  });
});
