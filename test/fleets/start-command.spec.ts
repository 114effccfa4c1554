import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { consumersOf, topology } from '@millrace/contracts';
import { eventually } from '@millrace/testing/runtime';

const ROOT = join(import.meta.dirname, '..', '..');

interface StackFile {
  readonly kafka: string;
  readonly connect: string;
  readonly traces: string;
  readonly services: Record<string, string>;
  readonly processes: Record<string, number>;
}

/** The start command as a newcomer runs it, in a folder of its own so that it meets no other stack. */
class StartCommand {
  output = '';
  private readonly child: ChildProcess;
  readonly ended: Promise<number | null>;

  constructor(directory: string, ...options: string[]) {
    this.child = spawn(
      process.execPath,
      [join(ROOT, 'libs/stack/dist/bin/start.js'), '--dir', directory, ...options],
      // No collector of this machine: the command finds a trace page by itself.
      {
        cwd: ROOT,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: '' },
      },
    );
    this.child.stdout?.on('data', (chunk) => (this.output += String(chunk)));
    this.child.stderr?.on('data', (chunk) => (this.output += String(chunk)));
    this.ended = new Promise((resolve) => this.child.once('exit', (code) => resolve(code)));
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function isListening(hostAndPort: string): Promise<boolean> {
  const [host = '', port = ''] = hostAndPort.split(':');
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('close', () => undefined).once('connect', () => socket.destroy());
  });
}

describe('the start command', () => {
  let directory: string;
  let command: StartCommand | undefined;

  beforeEach(async () => {
    directory = await mkdtemp(join(ROOT, '.millrace', 'start-'));
  });

  afterEach(async () => {
    command?.signal('SIGTERM');
    await command?.ended;
    await rm(directory, { recursive: true, force: true });
  });

  const stackFile = async (): Promise<StackFile> =>
    JSON.parse(await readFile(join(directory, 'stack.json'), 'utf8')) as StackFile;

  /** The stack file of a command that starts; a failure tells what the command said. */
  const started = (): Promise<StackFile> =>
    eventually(
      () => stackFile().catch((cause: unknown) => Promise.reject(new Error(command?.output, { cause }))),
      { withinMs: 400_000 },
    );

  it('with --once prints the way of one order through all five services and leaves nothing behind', async () => {
    command = new StartCommand(directory, '--once');
    const seen = await started();
    // The output comes along, so that a failure tells its reason.
    expect({ code: await command.ended, output: command.output }).toMatchObject({ code: 0 });
    for (const { name } of consumersOf(topology, 'order.created')) {
      expect(command.output).toMatch(new RegExp(`${name}.*effect committed.*\\d`));
    }
    expect(command.output).toMatch(/^ {2}Traces go to (Jaeger|Zipkin)/m);
    expect(command.output).toMatch(
      new RegExp(`^  trace ${seen.traces}/(zipkin/traces|trace)/[0-9a-f]{32}$`, 'm'),
    );
    await expectGone(seen);
  });

  it('killed the hard way leaves no process and no port ten seconds later', async () => {
    command = new StartCommand(directory);
    const seen = await started();
    command.signal('SIGKILL');
    await command.ended;
    await expectGone(seen, 10_000);
    await eventually(() => expect(stackFile()).rejects.toThrow(/ENOENT/), { withinMs: 5_000 });
  });

  async function expectGone(seen: StackFile | undefined, withinMs = 5_000): Promise<void> {
    const pids = Object.values(seen?.processes ?? {});
    const places = [
      seen?.kafka ?? '',
      ...[seen?.connect ?? '', seen?.traces ?? '', ...Object.values(seen?.services ?? {})].map(hostOf),
    ];
    expect(pids.length).toBeGreaterThanOrEqual(topology.length + 4);
    await eventually(
      async () => {
        expect(pids.filter(isAlive)).toEqual([]);
        expect(await Promise.all(places.map(isListening))).toEqual(places.map(() => false));
      },
      { withinMs },
    );
  }
});

function hostOf(url: string): string {
  return new URL(url).host;
}
