import type { Clock } from '../ports/clock.js';
import type { Broker, ConsumerListener, ConsumerSettings, Position } from '../ports/broker.port.js';
import type { ConsumerStore } from '../ports/consumer-store.port.js';
import type { Transaction } from '../ports/transaction.js';
import type { MemoryBroker, MemoryConsumer, VirtualClock } from '@millrace/testing/runtime';

/** Silence after which the group notices that a process is dead, milliseconds. */
const SESSION_MS = 1_000;

/** Steps that no life in a test needs: a process that takes so many goes round in circles and is ended. */
const RUNAWAY_STEPS = 20_000;

class Death extends Error {
  override readonly name = 'Death';
}

/** Told of every commit of source positions before the broker keeps it. */
export type CommitWitness = (positions: readonly Position[], client: MemoryConsumer) => Promise<void>;

/**
 * A process that can be killed between any two of its steps towards store and broker, and before and after each
 * COMMIT: whatever it awaits never comes, its open transactions roll back, and the group notices a moment later.
 */
export class MortalProcess {
  alive = true;
  private steps = 0;
  readonly store: ConsumerStore;
  readonly broker: Broker;
  readonly clock: Clock;
  /** Resolves when it dies. */
  readonly dead: Promise<void>;
  private readonly death = Promise.withResolvers<never>();
  private readonly end = new AbortController();
  private readonly clients: MemoryConsumer[] = [];

  constructor(
    private readonly world: {
      readonly store: ConsumerStore;
      readonly broker: MemoryBroker;
      readonly clock: VirtualClock;
    },
    /** Number of the step at which it dies; by default it lives. */
    private diesAt = Number.POSITIVE_INFINITY,
    private readonly witness?: CommitWitness,
  ) {
    this.dead = this.death.promise.catch(() => undefined);
    this.store = this.wrap(world.store, { transaction: this.transaction });
    this.broker = this.wrap(world.broker, { consumer: this.consumer });
    this.clock = {
      now: () => world.clock.now(),
      sleep: async (milliseconds, signal) => {
        await world.clock.sleep(
          milliseconds,
          signal ? AbortSignal.any([signal, this.end.signal]) : this.end.signal,
        );
        return this.unlessDead(undefined);
      },
    };
  }

  /** True when it was ended because it went round in circles. */
  get ranAway(): boolean {
    return this.steps >= RUNAWAY_STEPS;
  }

  /** It dies that many steps from now. */
  doom(steps: number): void {
    this.diesAt = this.steps + steps;
  }

  /** Ends it at once, as `kill -9` does. */
  kill(): void {
    if (!this.alive) return;
    this.alive = false;
    this.death.reject(new Death('killed'));
    this.end.abort();
    void this.world.clock
      .sleep(SESSION_MS)
      .then(() => Promise.all(this.clients.map((client) => client.stop())));
  }

  /** The group gives its partitions away without its noticing, as after a long pause of the process. */
  lose(): void {
    for (const client of this.clients) {
      if (!client.joined) continue;
      client.joined = false;
      this.world.broker.rebalance(client.settings.group);
    }
  }

  /** It notices that it was expelled, and joins again. */
  notice(): void {
    const error = Object.assign(new Error('expelled'), { name: 'KafkaJSConnectionError' });
    this.clients.filter((client) => !client.joined).forEach((client) => client.crash(error, true));
    this.clients.splice(0, this.clients.length, ...this.clients.filter((client) => client.joined));
  }

  private step(): void {
    this.steps += 1;
    if (this.steps >= Math.min(this.diesAt, RUNAWAY_STEPS)) this.kill();
  }

  /** The value, or nothing ever. */
  private unlessDead<Value>(value: Value): Value | Promise<never> {
    return this.alive ? value : new Promise<never>(() => undefined);
  }

  /** The port with a step before and after each of its methods. */
  private wrap<Port extends object>(port: Port, special: Partial<Port>): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const own: unknown = Reflect.get(special, name);
        if (typeof own === 'function') return own;
        const method: unknown = Reflect.get(target, name, target);
        if (typeof method !== 'function') return method;
        return async (...given: unknown[]) => {
          this.step();
          await this.unlessDead(undefined);
          const result: unknown = await Reflect.apply(method, target, given);
          this.step();
          return this.unlessDead(result);
        };
      },
    });
  }

  private readonly transaction = async <Result>(
    work: (tx: Transaction) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> => {
    this.step();
    await this.unlessDead(undefined);
    try {
      const result = await this.world.store.transaction(async (tx) => {
        const done = await Promise.race([work(tx), this.death.promise]);
        this.step();
        if (!this.alive) throw new Death('killed before COMMIT');
        return done;
      }, signal);
      this.step();
      return await this.unlessDead(result);
    } catch (error) {
      await this.unlessDead(undefined);
      throw error;
    }
  };

  private readonly consumer = (settings: ConsumerSettings, listener: ConsumerListener): MemoryConsumer => {
    const client = this.world.broker.consumer(settings, this.listening(listener));
    this.clients.push(client);
    const commit = async (positions: readonly Position[]) => {
      this.step();
      await this.unlessDead(undefined);
      await this.witness?.(positions, client);
      await client.commit(positions);
      this.step();
      await this.unlessDead(undefined);
    };
    return new Proxy(client, {
      get: (target, name, receiver): unknown =>
        name === 'commit' ? commit : Reflect.get(target, name, receiver),
    });
  };

  /** The dead hear nothing. */
  private listening(listener: ConsumerListener): ConsumerListener {
    return {
      onRecords: (fetched) => this.alive && listener.onRecords(fetched),
      onRebalancing: () => this.alive && listener.onRebalancing(),
      onAssigned: (partitions, continuous) => this.alive && listener.onAssigned(partitions, continuous),
      onHeartbeat: () => this.alive && listener.onHeartbeat(),
      onFetched: (tookMs) => this.alive && listener.onFetched(tookMs),
      onCrashed: (error, connection) => this.alive && listener.onCrashed(error, connection),
    };
  }
}
