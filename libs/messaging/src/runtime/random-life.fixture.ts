import type { MemoryConsumer } from '@millrace/testing/runtime';
import type { ConsumerOptions } from '../api/consumer-options.js';
import { FatalError, RetryableError } from '../api/errors.js';
import { retryPlan } from '../api/retry-plan.js';
import type { Position } from '../ports/broker.port.js';
import type { EventStatus } from '../ports/inbox.js';
import { ConsumerBench } from './consumer-bench.fixture.js';
import type { ConsumerRuntime } from './consumer-runtime.js';
import { MortalProcess } from './mortal-process.fixture.js';
import { TOPIC } from './runner.fixture.js';

/** What the handler does with an event, or what the record is. */
export type Fate =
  | { readonly kind: 'good' }
  | { readonly kind: 'fails'; readonly times: number }
  | { readonly kind: 'never' | 'fatal' | 'poison' | 'hangs' }
  | { readonly kind: 'slow'; readonly ms: number };

/** One record of the log. */
export interface LogEntry {
  readonly partition: number;
  /** Number of its key; -1 for a record without. */
  readonly key: number;
  readonly fate: Fate;
  /** True when the record is appended a second time later. */
  readonly twice: boolean;
}

/** Something that happens to the group. */
export interface Incident {
  readonly afterMs: number;
  /** Member that it happens to, modulo the number of members that live. */
  readonly member: number;
  readonly what:
    | { readonly kind: 'join' | 'leave' | 'kill' | 'rebalance' | 'lose' | 'notice' | 'rewind' | 'produce' }
    | { readonly kind: 'doom'; readonly steps: number }
    | { readonly kind: 'database' | 'broker'; readonly awayMs: number };
}

/** A whole life of a consumer group. */
export interface Life {
  readonly options: Pick<
    ConsumerOptions,
    'ordering' | 'deadHead' | 'lanes' | 'batchRecords' | 'commitRecords'
  >;
  readonly log: readonly LogEntry[];
  readonly incidents: readonly Incident[];
  /** Number of the step at which the first, the second, … process dies; whoever dies is started again a moment later. */
  readonly dooms: readonly number[];
  /** How long the database takes for each step, milliseconds. */
  readonly storeMs: number;
}

const PLAN = retryPlan('1s', '3s');
const PARTITIONS = 3;
/** How long it takes to start a dead process again, milliseconds. */
const RESTART_MS = 1_200;
const SETTLED = new Set(['done', 'dead', 'parked', 'retrying', 'resolved']);

interface Member {
  readonly process: MortalProcess;
  readonly runtime: ConsumerRuntime;
}

/** Plays a life through in virtual time and collects what contradicts the promises. */
export class RandomLife {
  readonly bench = new ConsumerBench(PARTITIONS, PLAN);
  readonly contradictions: string[] = [];
  private readonly members: Member[] = [];
  private readonly left = new Map<string, number>();
  private readonly committed = new Map<string, bigint>();
  private readonly names: string[] = [];
  private produced = 0;
  private started = 0;
  private peaceful = false;

  constructor(private readonly life: Life) {
    if (life.storeMs > 0) this.bench.store.onStep = () => this.bench.clock.sleep(life.storeMs);
    this.bench.behave = (name, { signal }) => this.handle(name, signal);
  }

  /** Everything that happens, then peace until all is settled, then a clean stop and a look at the log by another one. */
  async play(): Promise<void> {
    const { clock } = this.bench;
    this.produce(Math.ceil(this.life.log.length / 2));
    this.join();
    for (const incident of this.life.incidents) {
      await clock.advance(incident.afterMs);
      await this.happen(incident);
    }
    this.produce(this.life.log.length);
    this.bench.store.down = false;
    this.bench.broker.down = false;
    this.peaceful = true;
    this.members.forEach(({ process }) => process.doom(Number.POSITIVE_INFINITY));
    this.members.forEach(({ process }) => process.notice());
    this.join();
    // Events that hang, one behind the other in a partition, take a quarter of a minute each.
    for (let minute = 1; minute <= 5; minute += 1) {
      await clock.advance(60_000);
      if (await this.isAtRest()) break;
    }
    await this.stopAll();
    await this.verifyRedelivery();
  }

  /** Names of the log in the order of their partitions, first occurrences only. */
  namesOf(partition: number): readonly string[] {
    return this.names.filter((_, index) => this.life.log[index]?.partition === partition);
  }

  entryOf(name: string): LogEntry | undefined {
    return this.life.log[Number(name.slice(1))];
  }

  private handle(name: string, signal: AbortSignal): void | Promise<void> {
    const fate = this.entryOf(name)?.fate ?? { kind: 'good' };
    if (fate.kind === 'slow') return this.bench.clock.sleep(fate.ms, signal);
    if (fate.kind === 'fatal') throw new FatalError('never');
    if (fate.kind === 'never') throw new RetryableError('not today');
    if (fate.kind === 'hangs') return new Promise(() => undefined);
    if (fate.kind !== 'fails') return undefined;
    const left = this.left.get(name) ?? fate.times;
    this.left.set(name, left - 1);
    if (left > 0) throw new RetryableError('not yet');
  }

  private produce(upTo: number): void {
    for (; this.produced < upTo; this.produced += 1) this.append(this.produced);
    if (upTo < this.life.log.length) return;
    this.life.log.forEach(({ twice }, index) => twice && this.append(index));
  }

  private append(index: number): void {
    const entry = this.life.log[index];
    if (!entry) return;
    const name = `e${index}`;
    this.names[index] = name;
    const key = entry.key < 0 ? null : `key-${entry.partition}-${entry.key}`;
    if (entry.fate.kind === 'poison') this.bench.append(entry.partition, key, name, null);
    else this.bench.append(entry.partition, key, name);
  }

  private join(): void {
    const diesAt = this.peaceful ? undefined : this.life.dooms[this.started++];
    const process = new MortalProcess(this.bench, diesAt, (positions, client) =>
      this.witness(positions, client),
    );
    void process.dead.then(async () => {
      if (process.ranAway) this.contradictions.push('a process goes round in circles');
      await this.bench.clock.sleep(RESTART_MS);
      if (!this.peaceful && !process.ranAway) this.join();
    });
    const options = {
      ...this.life.options,
      retry: PLAN,
      tries: 2,
      triesWithinMs: 200,
      handlerTimeoutMs: 2_000,
      parkedPollMs: 500,
      commitIntervalMs: 1_000,
      drainMs: 5_000,
      // Clients in memory do not beat by themselves.
      sessionTimeoutMs: 600_000,
    };
    this.members.push({ process, runtime: this.bench.start(options, process) });
  }

  private async happen({ member, what }: Incident): Promise<void> {
    const alive = this.members.filter(({ process }) => process.alive);
    const one = alive[member % Math.max(alive.length, 1)];
    switch (what.kind) {
      case 'join':
        return this.join();
      case 'produce':
        return this.produce(this.produced + 3);
      case 'rebalance':
        return this.bench.broker.rebalance('fraud');
      case 'rewind':
        return this.rewind();
      case 'database':
        return this.away(this.bench.store, what.awayMs);
      case 'broker':
        return this.away(this.bench.broker, what.awayMs);
      case 'kill':
        return one?.process.kill();
      case 'doom':
        return one?.process.doom(what.steps);
      case 'lose':
        return one?.process.lose();
      case 'notice':
        return one?.process.notice();
      case 'leave':
        return this.leave(one);
    }
  }

  private async leave(one: Member | undefined): Promise<void> {
    if (!one) return;
    this.members.splice(this.members.indexOf(one), 1);
    await this.bench.clock.runUntil(Promise.race([one.runtime.stop(), this.bench.clock.sleep(30_000)]));
  }

  /** The group's positions go back to the beginning while nobody is joined; then everybody reads all of it again. */
  private rewind(): void {
    this.members.forEach(({ process }) => process.lose());
    this.members.forEach(({ process }) => process.notice());
    const positions = Array.from({ length: PARTITIONS }, (_, partition) => ({
      topic: TOPIC,
      partition,
      offset: 0n,
    }));
    this.bench.broker.keepPositions('fraud', positions);
    this.committed.clear();
  }

  private away(what: { down: boolean }, awayMs: number): void {
    what.down = true;
    void this.bench.clock.sleep(awayMs).then(() => (what.down = false));
  }

  /** Invariant 5: below a committed position everything is settled; positions of one owner never go back. */
  private async witness(positions: readonly Position[], client: MemoryConsumer): Promise<void> {
    for (const { topic, partition, offset } of positions.filter((one) => one.topic === TOPIC)) {
      const owner = `${this.bench.broker.consumers.indexOf(client)}/${partition}`;
      if (offset < (this.committed.get(owner) ?? 0n))
        this.contradictions.push(`${owner} goes back to ${offset}`);
      this.committed.set(owner, offset);
      const below = this.bench.broker.read(topic, partition, 0n, Number(offset));
      const ids = below.map(({ headers }) => String(headers['ce_id']));
      const statuses = await this.bench.store.statesOf('fraud', ids);
      const unsettled = statuses.filter(
        (status) => !SETTLED.has(status.state) && !this.livesElsewhere(status),
      );
      if (unsettled.length > 0)
        this.contradictions.push(`${owner} passes ${unsettled.map(({ state }) => state).join()}`);
    }
  }

  /** A parked event stays parked until it is settled, and a later attempt belongs to its retry copy. */
  private livesElsewhere({ eventId, state, attempts = 0 }: EventStatus): boolean {
    if (state !== 'dying') return false;
    if (this.life.options.ordering === 'key') return this.bench.store.parkedIds.has(eventId);
    return this.life.options.ordering === 'none' && attempts > 1;
  }

  private async isAtRest(): Promise<boolean> {
    const states = await this.bench.states(...this.names);
    const blocks = this.life.options.deadHead === 'block';
    return (
      this.ends().every(({ position, end }) => position === end) &&
      states.every((state) => state === 'done' || state === 'dead' || (state === 'parked' && blocks))
    );
  }

  /** For each partition how far the group has come, and how far the log goes. */
  private ends(): { readonly position: number; readonly end: number }[] {
    return Array.from({ length: PARTITIONS }, (_, partition) => ({
      position: this.bench.position(partition) ?? 0,
      end: this.bench.broker.read(TOPIC, partition, 0n, Number.MAX_SAFE_INTEGER).length,
    }));
  }

  private async stopAll(): Promise<void> {
    const stopping = this.members.filter(({ process }) => process.alive).map(({ runtime }) => runtime.stop());
    await this.bench.clock.runUntil(Promise.all(stopping));
    this.members.length = 0;
  }

  /** Invariant 8: after a clean stop another member finds nothing to do. */
  private async verifyRedelivery(): Promise<void> {
    const { seen, clock } = this.bench;
    const handled = seen.length;
    for (const [partition, { position, end }] of this.ends().entries()) {
      if (position !== end) this.contradictions.push(`partition ${partition} ends at ${position} of ${end}`);
    }
    this.join();
    await clock.advance(3_000);
    await this.stopAll();
    if (seen.length > handled) this.contradictions.push(`redelivered ${seen.slice(handled).join()}`);
  }
}
