import type { ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf, StackError } from '../stack.error.js';
import { signalProcess } from '../guard/end-processes.js';
import { launchInto } from './launch.js';
import { tailOf } from './log-file.js';
import type { ProcessLedger } from '../guard/process-ledger.js';
import type { ProcessSpec } from './process-spec.js';

const FIRST_BACKOFF_MS = 250;
const LONGEST_BACKOFF_MS = 5_000;
/** A process that lived this long starts its backoff anew. */
const SETTLED_MS = 10_000;
const PROBE_EVERY_MS = 100;

/**
 * One process that is kept alive. States: held (not to run; the first and after `stop`), running, and
 * waiting (died unasked; started again after 250 ms, doubling to 5 s).
 * held --start--> running --exit--> waiting --backoff over--> running; any --stop--> held.
 */
export class ManagedProcess {
  #child: ChildProcess | undefined;
  #held = true;
  #deaths = 0;
  #failures = 0;
  #backoff: NodeJS.Timeout | undefined;
  #launching: Promise<void> | undefined;

  constructor(
    readonly spec: ProcessSpec,
    private readonly ledger: ProcessLedger,
    private readonly onChange: () => void,
  ) {}

  /** Pid of the living process; undefined while there is none. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts it and waits until it is ready; throws `StackError` START when it died `attempts` times before that. */
  async start(attempts = Number.POSITIVE_INFINITY): Promise<void> {
    this.#held = false;
    clearTimeout(this.#backoff);
    const deaths = this.#deaths + attempts;
    await this.#launch();
    await this.#untilReady(deaths);
  }

  /** Waits until the process of the moment answers its probe; throws `StackError` START after the spec's time. */
  async ready(): Promise<void> {
    await this.#untilReady(Number.POSITIVE_INFINITY);
  }

  /** Ends it with its stop signals, at last SIGKILL, and holds it down. */
  async stop(): Promise<void> {
    this.#held = true;
    clearTimeout(this.#backoff);
    await this.#launching;
    for (const step of this.spec.stopSteps) {
      if (!this.#child?.pid) return;
      signalProcess(this.#child.pid, step.signal);
      if (await this.#ended(step.graceMs)) return;
    }
    await this.kill('SIGKILL');
  }

  /** Sends a signal and waits for the end, after which it is started again; SIGSTOP and SIGCONT end nothing. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    if (!this.#child?.pid) return;
    signalProcess(this.#child.pid, signal);
    if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') await this.#ended(10_000);
  }

  async #ended(withinMs: number): Promise<boolean> {
    const child = this.#child;
    if (!child) return true;
    const exit = new Promise<boolean>((resolve) => child.once('exit', () => resolve(true)));
    const timer = new AbortController();
    const late = pause(withinMs, false, { signal: timer.signal }).catch(() => true);
    const ended = await Promise.race([exit, late]);
    timer.abort();
    return ended;
  }

  #launch(): Promise<void> {
    this.#launching ??= this.#spawn().finally(() => (this.#launching = undefined));
    return this.#launching;
  }

  async #spawn(): Promise<void> {
    if (this.#child || this.#held) return;
    const launch = await this.spec.launch();
    this.ledger.assertOpen();
    const startedAt = Date.now();
    const child = launchInto(this.spec.logFile, launch);
    this.#child = child;
    if (child.pid !== undefined) this.ledger.add(child.pid, this.spec.stopSteps[0]?.signal ?? 'SIGTERM');
    this.onChange();
    child.once('error', () => child.pid === undefined && this.#died(child, startedAt));
    child.once('exit', () => this.#died(child, startedAt));
  }

  #died(child: ChildProcess, startedAt: number): void {
    if (this.#child === child) this.#child = undefined;
    if (child.pid !== undefined) this.ledger.remove(child.pid);
    this.onChange();
    this.#deaths += 1;
    if (this.#held) return;
    this.#failures = Date.now() - startedAt > SETTLED_MS ? 0 : this.#failures + 1;
    const delay = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.max(0, this.#failures - 1));
    this.#backoff = setTimeout(() => void this.#again(), delay);
  }

  async #again(): Promise<void> {
    // What a launch throws here has no caller: the backoff tries again, `ready` reports the time that passed.
    await this.#launch().catch(() => {
      this.#failures += 1;
      this.#backoff = setTimeout(() => void this.#again(), LONGEST_BACKOFF_MS);
    });
  }

  async #untilReady(deaths: number): Promise<void> {
    const { name, probe, readyWithinMs, logFile } = this.spec;
    const deadline = Date.now() + readyWithinMs;
    let last = 'it did not answer';
    for (;;) {
      if (this.#held) throw new StackError('PROCESS', `${name} is held down; start it first.`);
      const child = this.#child;
      const answer = child && (await probe().catch((error: unknown) => messageOf(error)));
      if (answer === true && child === this.#child) return;
      if (typeof answer === 'string') last = answer;
      if (this.#deaths >= deaths) {
        throw new StackError('START', `${name} ended before it was ready; read ${logFile}.`, tailOf(logFile));
      }
      if (Date.now() > deadline) {
        const sentence = `${name} was not ready within ${readyWithinMs / 1_000} s (${last}); read ${logFile}.`;
        throw new StackError('START', sentence, tailOf(logFile));
      }
      await pause(PROBE_EVERY_MS);
    }
  }
}
