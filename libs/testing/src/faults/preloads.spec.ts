import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { OBSERVATION_POINTS } from '@millrace/messaging';
import { FaultyProgram, type ProgramFaults } from './faulty-program.js';

const OBSERVED = new URL('./observed.fixture.ts', import.meta.url);
const CONNECTING = new URL('./connecting.fixture.ts', import.meta.url);

const programs: FaultyProgram[] = [];
const servers: Server[] = [];

afterEach(async () => {
  for (const program of programs.splice(0)) {
    program.signal('SIGKILL');
    await program.end();
  }
  for (const server of servers.splice(0)) server.close();
});

function start(file: URL, environment: Record<string, string>, faults: ProgramFaults = {}): FaultyProgram {
  const program = new FaultyProgram(file, environment, faults);
  programs.push(program);
  return program;
}

describe('the preload that observes', () => {
  it('tells of every observation point that the runtime publishes', async () => {
    const program = start(
      OBSERVED,
      { STEPS: OBSERVATION_POINTS.map((point) => `${point}:1`).join(',') },
      { tell: '*' },
    );
    expect(await program.end()).toBe(0);
    expect(program.observed()).toEqual(
      OBSERVATION_POINTS.map((point) => ({ point, group: 'probe', eventIds: ['event-0'] })),
    );
  });

  it('kills the process at the nth observation with events, before the next step', async () => {
    const STEPS = 'batch.committed:1,batch.committed:0,batch.handled:1,batch.committed:2,batch.committed:1';
    const program = start(
      OBSERVED,
      { STEPS },
      { killAt: 'batch.committed', killAfter: 2, tell: ['batch.committed'] },
    );
    expect(await program.end()).toBe('SIGKILL');
    expect(program.count('batch.committed')).toBe(2);
    expect(program.latest('passed')).toEqual({ passed: 'batch.handled:1' });
  });

  it('counts commits of offsets, which name no events', async () => {
    const STEPS = 'offsets.committing:0,offsets.committed:0,offsets.committing:0';
    const program = start(OBSERVED, { STEPS }, { killAt: 'offsets.committing', killAfter: 2 });
    expect(await program.end()).toBe('SIGKILL');
    expect(program.latest('passed')).toEqual({ passed: 'offsets.committed:0' });
  });

  it('refuses a point that does not exist', async () => {
    const program = start(OBSERVED, { STEPS: '', MILLRACE_TEST_TELL: 'batch.forgotten' });
    expect(await program.end()).toBe(1);
    expect(program.output()).toContain("no observation point 'batch.forgotten'");
  });
});

describe('the preload that redirects', () => {
  it('leads every way to connect to the other address', async () => {
    const there = createServer((socket) => socket.end('there')).listen(0, '127.0.0.1');
    servers.push(there);
    await once(there, 'listening');
    const to = `127.0.0.1:${(there.address() as AddressInfo).port}`;
    const program = start(CONNECTING, { PORT: '1' }, { redirect: { '127.0.0.1:1': to } });
    await program.end();
    expect(program.output().trim().split('\n').toSorted()).toEqual([0, 1, 2, 3].map((n) => `${n}: there`));
  });

  it('leaves other addresses alone', async () => {
    const program = start(CONNECTING, { PORT: '1' }, { redirect: { '127.0.0.1:2': '127.0.0.1:3' } });
    await program.end();
    expect(program.output().match(/ECONNREFUSED 127\.0\.0\.1:1/g)).toHaveLength(4);
  });
});
