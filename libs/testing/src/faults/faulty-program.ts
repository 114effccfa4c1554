import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { ObservationPoint } from '@millrace/messaging';
import { eventually, type Deadline } from '../eventually.js';

/** What is done to a program from outside of its code. */
export interface ProgramFaults {
  /** Point at which the process kills itself with SIGKILL. */
  readonly killAt?: ObservationPoint;
  /** The how manieth observation of that point it does so at. @default 1 */
  readonly killAfter?: number;
  /** Points whose observations it tells; `*` for all. @default none */
  readonly tell?: readonly ObservationPoint[] | '*';
  /** Addresses (`host:port`) that its outgoing connections are led away from, and where to. @default none */
  readonly redirect?: Readonly<Record<string, string>>;
}

/** An observation as a program tells it. */
export interface ToldObservation {
  readonly point: ObservationPoint;
  readonly group: string;
  readonly eventIds: readonly string[];
}

const PRELOADS = ['./redirect.preload.mjs', './observe.preload.mjs', '../typescript-hooks.mjs'].map(
  (file) => `--import=${new URL(file, import.meta.url).href}`,
);
const TELL_FD = 3;
const KEPT_TEXT = 100_000;

/**
 * A program of a test, run from its TypeScript source in a process of its own, which breaks where the test says so
 * and tells what happens in it.
 */
export class FaultyProgram {
  private readonly process: ChildProcess;
  private readonly counts = new Map<ObservationPoint, number>();
  private readonly observations: ToldObservation[] = [];
  private readonly told: object[] = [];
  private text = '';
  private readonly ended: Promise<unknown>;

  constructor(file: URL, environment: Readonly<Record<string, string>>, faults: ProgramFaults = {}) {
    this.process = spawn(
      process.execPath,
      ['--conditions=@millrace/source', ...PRELOADS, '--no-warnings', fileURLToPath(file)],
      {
        env: { ...environment, ...environmentOf(faults) },
        stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      },
    );
    this.process.stdout?.setEncoding('utf8').on('data', (text: string) => this.keep(text));
    this.process.stderr?.setEncoding('utf8').on('data', (text: string) => this.keep(text));
    createInterface({ input: this.process.stdio[TELL_FD] as Readable }).on('line', (line) => this.hear(line));
    this.ended = once(this.process, 'close');
  }

  /** Pid, also after its end. */
  get pid(): number {
    return this.process.pid ?? 0;
  }

  /** True until the process has ended. */
  get lives(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** The last 100,000 characters that it has written to stdout and stderr. */
  output(): string {
    return this.text;
  }

  /** How often it has told of a point so far. */
  count(point: ObservationPoint): number {
    return this.counts.get(point) ?? 0;
  }

  /** Everything that it has told of observation points, in order. */
  observed(): readonly ToldObservation[] {
    return this.observations;
  }

  /** Lines of its own that it told with that field, in order. */
  lines(field: string): readonly Readonly<Record<string, unknown>>[] {
    return this.told.filter((line) => field in line).map((line) => ({ ...line }));
  }

  /** The latest line of its own that it told with that field, undefined before the first. */
  latest(field: string): Readonly<Record<string, unknown>> | undefined {
    return this.lines(field).at(-1);
  }

  /** Waits until a point was told of that often; rejects at once when the program ends before. */
  reaches(point: ObservationPoint, times = 1, deadline: Deadline = {}): Promise<void> {
    return eventually(() => {
      if (this.count(point) >= times) return;
      throw new Error(
        `${point} was seen ${this.count(point)} times, not ${times}: ${this.text.slice(-2_000)}`,
      );
    }, deadline);
  }

  /** Sends a signal; to a process that has ended, nothing. */
  signal(signal: NodeJS.Signals): void {
    if (this.lives) this.process.kill(signal);
  }

  /** Resolves with the exit code once it has ended, or with the signal that ended it. */
  async end(): Promise<number | NodeJS.Signals> {
    await this.ended;
    return this.process.exitCode ?? this.process.signalCode ?? 1;
  }

  /** Like `end`, but rejects with what the program has written when it lives on after that many milliseconds. */
  async ends(withinMs = 60_000): Promise<number | NodeJS.Signals> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const complain = () =>
        reject(new Error(`the program lives after ${withinMs} ms: ${this.text.slice(-4_000)}`));
      timer = setTimeout(complain, withinMs);
    });
    return Promise.race([this.end(), late]).finally(() => clearTimeout(timer));
  }

  private keep(text: string): void {
    this.text = (this.text + text).slice(-KEPT_TEXT);
  }

  private hear(line: string): void {
    const heard: unknown = JSON.parse(line);
    if (isObservation(heard)) {
      this.counts.set(heard.point, this.count(heard.point) + 1);
      this.observations.push(heard);
    } else if (typeof heard === 'object' && heard !== null) this.told.push(heard);
  }
}

function isObservation(line: unknown): line is ToldObservation {
  return typeof line === 'object' && line !== null && 'point' in line;
}

function environmentOf({ killAt, killAfter, tell, redirect }: ProgramFaults): Record<string, string> {
  const environment: Record<string, string> = {};
  if (killAt) environment['MILLRACE_TEST_KILL_AT'] = killAt;
  if (killAfter) environment['MILLRACE_TEST_KILL_AFTER'] = String(killAfter);
  if (tell) environment['MILLRACE_TEST_TELL'] = tell === '*' ? tell : tell.join(',');
  if (redirect) {
    const pairs = Object.entries(redirect).map(([from, to]) => `${from}=${to}`);
    environment['MILLRACE_TEST_REDIRECT'] = pairs.join(',');
  }
  return environment;
}
