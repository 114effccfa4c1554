import { reasonOf } from '../reason-of.js';
import { backoffMs, LONGEST_BACKOFF_MS } from '../timing/backoff.js';
import type { Clock } from '../timing/clock.js';
import type { KeeperLog } from '../timing/keeper-log.js';
import { KeeperLoop } from '../timing/keeper-loop.js';
import type { ConnectClient } from './connect-client.js';
import type { ConnectorConfig } from './connector-file.js';
import {
  allIn,
  anyIn,
  countTasks,
  failureOf,
  type ConnectorStatus,
  type TaskCounts,
} from './connector-status.js';

/** Pause between two looks at the connector, in milliseconds. */
export const CONNECTOR_LOOK_MS = 1_000;

/**
 * Where the connector stands:
 * `away` Connect does not answer or refuses · `unprepared` publication or slot is missing, nothing is registered ·
 * `starting` registered, not all parts run yet · `running` all parts run · `failed` a part failed, restarts are under
 * way · `held` somebody paused or stopped it, which is respected.
 */
export type ConnectorPhase = 'away' | 'unprepared' | 'starting' | 'running' | 'failed' | 'held';

/** What is known of the connector. */
export interface ConnectorCondition {
  readonly phase: ConnectorPhase;
  /** Why it does not run; unset while it runs. */
  readonly problem?: string;
  /** Restarts asked for since this keeper started. */
  readonly restarts: number;
}

/** What the connector keeper needs. */
export interface ConnectorKeeperParts {
  readonly connect: ConnectClient;
  readonly name: string;
  readonly config: ConnectorConfig;
  /** Says what capture lacks in the database, or undefined: the connector would make a missing slot itself. */
  readonly captureProblem: () => Promise<string | undefined>;
  readonly clock: Clock;
  readonly log: KeeperLog;
}

/**
 * Keeps one connector as its file says and running. Every second:
 *
 * ```
 * Connect away            → look again
 * settings differ         → database prepared? PUT : look again
 * a part FAILED           → database prepared? restart the failed parts, not sooner than the backoff after the last
 *                           restart (1 s … 30 s) : look again
 * all RUNNING for 30 s    → the backoff starts anew
 * ```
 */
export class ConnectorKeeper {
  readonly #loop: KeeperLoop;
  #condition: ConnectorCondition = { phase: 'away', restarts: 0 };
  #tasks: TaskCounts | undefined;
  #failures = 0;
  #restartFrom = 0;
  #runningSince: number | undefined;

  constructor(private readonly parts: ConnectorKeeperParts) {
    this.#loop = new KeeperLoop(parts.clock, (signal) => this.#look(signal));
  }

  /** Begins with a look at once. */
  start(): void {
    this.#loop.start();
  }

  /** Ends a request that is under way and resolves when the loop has ended; the connector goes on. */
  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** Name of the connector. */
  get name(): string {
    return this.parts.name;
  }

  /** What the last look found. */
  status(): ConnectorCondition {
    return this.#condition;
  }

  /** Its tasks as the last look found them; undefined while they cannot be seen. */
  tasks(): TaskCounts | undefined {
    return this.#tasks;
  }

  async #look(signal: AbortSignal): Promise<number> {
    try {
      await this.#keep(signal);
    } catch (error) {
      this.#tasks = undefined;
      if (!signal.aborted) this.#enter('away', reasonOf(error));
    }
    return CONNECTOR_LOOK_MS;
  }

  async #keep(signal: AbortSignal): Promise<void> {
    const { connect, name } = this.parts;
    if (!(await connect.isReady(signal))) return this.#enter('away', 'Kafka Connect is starting');
    const registered = await connect.config(name, signal);
    if (!sameConfig({ ...this.parts.config, name }, registered)) return this.#register(signal);
    const status = await connect.status(name, signal);
    this.#tasks = status && countTasks(status);
    if (status && anyIn('FAILED', status)) return this.#restart(status, signal);
    if (status && allIn('RUNNING', status)) return this.#running();
    if (status && (anyIn('PAUSED', status) || anyIn('STOPPED', status))) {
      const problem = await this.parts.captureProblem().catch(reasonOf);
      return this.#enter('held', problem ?? 'somebody paused or stopped the connector: resume it');
    }
    this.#enter('starting', 'not all parts of the connector run yet');
  }

  async #register(signal: AbortSignal): Promise<void> {
    const problem = await this.parts.captureProblem();
    if (problem !== undefined) return this.#enter('unprepared', problem);
    await this.parts.connect.putConfig(this.parts.name, this.parts.config, signal);
    this.parts.log.info({ connector: this.parts.name }, 'connector registered');
    this.#enter('starting', 'the connector was registered just now');
  }

  async #restart(status: ConnectorStatus, signal: AbortSignal): Promise<void> {
    this.#enter('failed', failureOf(status));
    if (this.parts.clock.now() < this.#restartFrom) return;
    // without its database it would fail again: that spends no try, so that it restarts as soon as the database is back
    const problem = await this.parts.captureProblem().catch(reasonOf);
    if (problem !== undefined) return this.#enter('failed', problem);
    this.#failures += 1;
    this.#restartFrom = this.parts.clock.now() + backoffMs(this.#failures);
    this.#condition = { ...this.#condition, restarts: this.#condition.restarts + 1 };
    await this.parts.connect.restartFailed(this.parts.name, signal);
  }

  #running(): void {
    const now = this.parts.clock.now();
    this.#runningSince ??= now;
    // a task says RUNNING before it has reached the database: only time tells that it is well
    if (now - this.#runningSince >= LONGEST_BACKOFF_MS) this.#failures = 0;
    this.#enter('running');
  }

  #enter(phase: ConnectorPhase, problem?: string): void {
    const { restarts, phase: before } = this.#condition;
    if (phase !== 'running') this.#runningSince = undefined;
    this.#condition = problem === undefined ? { phase, restarts } : { phase, problem, restarts };
    if (phase === before) return;
    const fields = { connector: this.parts.name, ...this.#condition };
    if (phase === 'running') this.parts.log.info(fields, 'connector runs');
    else this.parts.log.warn(fields, 'connector does not run');
  }
}

function sameConfig(wanted: ConnectorConfig, actual: ConnectorConfig | undefined): boolean {
  if (!actual) return false;
  const keys = new Set([...Object.keys(wanted), ...Object.keys(actual)]);
  return [...keys].every((key) => wanted[key] === actual[key]);
}
