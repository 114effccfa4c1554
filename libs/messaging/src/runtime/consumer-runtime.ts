import { retryGroup } from '@millrace/contracts';
import {
  countRebalance,
  observeConsumer,
  preregisterConsumer,
  preregisterContracts,
  preregisterFailures,
} from '@millrace/telemetry';
import type { CompleteConsumerOptions } from '../api/consumer-options.js';
import { FailurePath } from '../failure/failure-path.js';
import { FailureRate } from '../failure/failure-rate.js';
import { HoldGate } from '../failure/hold-gate.js';
import type { Broker, BrokerRecord } from '../ports/broker.port.js';
import type { Clock } from '../ports/clock.js';
import type { ConsumerStore } from '../ports/consumer-store.port.js';
import type { ConsumerEnvironment } from './consumer-environment.js';
import { GroupMember } from './group-member.js';
import { Housekeeping } from './housekeeping.js';
import { DeadEventWatch } from '../observe/dead-event-watch.js';
import { ParkedDriver } from '../partition/parked-driver.js';
import type { WorkerTools } from '../partition/partition-worker.js';
import { RecordDecoder } from '../record/record-decoder.js';
import { RecordRunner } from '../record/record-runner.js';
import { Rehearsal } from '../record/rehearsal.js';
import { Replayer } from '../replay/replayer.js';
import type { ReplayReport } from '../replay/replay-report.js';
import { ReplayRequestError, type ReplayRequest } from '../replay/replay-request.js';
import { consumerTopics, type TopicRole } from '../partition/topic-role.js';
import type { BoundHandler } from '../record/work-item.js';

/** What a consumer's runtime is made of. */
export interface ConsumerRuntimeSettings {
  readonly options: CompleteConsumerOptions;
  /** Source topics. */
  readonly topics: readonly string[];
  /** Handlers by CloudEvents type. */
  readonly handlers: ReadonlyMap<string, BoundHandler>;
  readonly broker: Broker;
  readonly store: ConsumerStore;
  readonly clock: Clock;
  readonly serviceVersion: string;
  /** Called once when the consumer cannot go on and the process must end. */
  readonly onFatal: (error: unknown) => void;
}

/** How a consumer is doing, for readiness and liveness. */
export interface ConsumerCondition {
  readonly group: string;
  /** True while both members, of the source topics and of retries and replays, have their partitions. */
  readonly joined: boolean;
  /** Why it holds: the name of an error, or SYSTEMIC; null when it works. */
  readonly held: string | null;
  /** Milliseconds since the coordinator last heard from the member that it heard from least recently. */
  readonly heartbeatAgeMs: number;
  /** Milliseconds since the fetch loop that lags behind most has made a round. */
  readonly fetchAgeMs: number;
  readonly partitions: number;
  /** Keys of this process whose records wait. */
  readonly parkedKeys: number;
}

/**
 * One consumer: a group member for the source topics and a second one (`<group>.retry`) for retry tiers and replays,
 * so that a tier that waits never stalls the live flow. Both share handlers, store and the gate.
 */
export class ConsumerRuntime {
  private readonly stopped = new AbortController();
  private readonly environment: ConsumerEnvironment;
  private readonly live: GroupMember;
  private readonly again: GroupMember;
  private readonly housekeeping: Housekeeping;
  private readonly rehearsal: Rehearsal;
  private readonly watch: DeadEventWatch;
  private failed = false;
  private ending: Promise<void> | undefined;
  private unobserve: (() => void) | undefined;

  constructor(private readonly settings: ConsumerRuntimeSettings) {
    const { options, broker, store, clock, serviceVersion } = settings;
    const gate = new HoldGate(options.group, clock, this.stopped.signal);
    const rate = new FailureRate(options.systemicWindow, options.systemicRatio, () => this.tooManyParked());
    this.environment = { options, broker, store, clock, serviceVersion, gate, rate };
    const decoder = new RecordDecoder(settings.handlers, clock, options);
    const failures = new FailurePath(this.environment);
    const tools: WorkerTools = {
      environment: this.environment,
      decoder,
      failures,
      runner: new RecordRunner(this.environment),
      driver: new ParkedDriver(this.environment, decoder, failures),
    };
    const { roles, all } = consumerTopics(options, settings.topics);
    const [sources, copies] = divide(roles);
    this.live = this.member(options.group, sources, all, tools);
    this.again = this.member(retryGroup(options.group), copies, all, tools);
    this.rehearsal = new Rehearsal(this.environment, decoder);
    this.housekeeping = new Housekeeping(this.environment, this.stopped.signal);
    this.watch = new DeadEventWatch({ group: options.group, topics: settings.topics, store, clock });
  }

  /** Begins to join the groups; returns at once, because the broker may be away for a while. */
  start(): void {
    const { options } = this.settings;
    this.preregister();
    this.watch.start(this.stopped.signal);
    this.unobserve = observeConsumer(options.group, () => ({
      held: this.environment.gate.reason,
      topics: [...this.live.load(), ...this.again.load()],
    }));
    this.live.start();
    this.again.start();
    this.housekeeping.start();
  }

  /** Drains what is in flight, commits and leaves the groups: after it nothing is redelivered. */
  stop(): Promise<void> {
    this.ending ??= this.drainAndLeave();
    return this.ending;
  }

  /**
   * Replays dead events of a source topic to this group. Throws `ReplayRequestError` for a request that makes no
   * sense and `ReplayAbortedError` when broker or database fail on the way.
   */
  async replay(topic: string, request: ReplayRequest): Promise<ReplayReport> {
    const { options, topics, broker, store, clock } = this.settings;
    if (!topics.includes(topic)) {
      throw new ReplayRequestError(
        `${options.group} does not consume ${topic}; it consumes ${topics.join(', ')}`,
      );
    }
    const tryOut = (record: BrokerRecord) => this.rehearsal.of(record, topic);
    const replayer = new Replayer({ group: options.group, topic, broker, store, clock, tryOut });
    return replayer.replay(request);
  }

  /** How the consumer is doing now. */
  condition(): ConsumerCondition {
    const members = [this.live, this.again];
    return {
      group: this.settings.options.group,
      joined: members.every(({ joined }) => joined),
      held: this.environment.gate.reason,
      heartbeatAgeMs: Math.max(...members.map(({ heartbeatAgeMs }) => heartbeatAgeMs)),
      fetchAgeMs: Math.max(...members.map(({ fetchAgeMs }) => fetchAgeMs)),
      partitions: this.live.partitions,
      parkedKeys: this.parkedKeys(),
    };
  }

  private async drainAndLeave(): Promise<void> {
    const { options, clock } = this.settings;
    this.unobserve?.();
    const draining = Promise.all([this.live.drain(), this.again.drain()]);
    if (this.environment.gate.reason !== null) this.stopped.abort();
    await Promise.race([draining, clock.sleep(options.drainMs, this.stopped.signal)]);
    this.stopped.abort();
    await Promise.all([this.live.leave(), this.again.leave()]);
  }

  /** A series that is born at 1 has no increase that an alert could see. */
  private preregister(): void {
    const { options, topics, handlers } = this.settings;
    const { group, ordering, retry } = options;
    const delays = ordering === 'none' ? retry.delays.map(({ name }) => name) : [];
    preregisterConsumer(group, topics);
    preregisterFailures(group, topics, delays);
    preregisterContracts(group, [...handlers.keys()]);
    countRebalance(`${group}.retry`, 0);
  }

  private member(
    group: string,
    roles: ReadonlyMap<string, TopicRole>,
    required: readonly string[],
    tools: WorkerTools,
  ): GroupMember {
    const onFatal = (error: unknown) => this.fail(error);
    return new GroupMember({ group, roles, required, tools, stopped: this.stopped.signal, onFatal });
  }

  private fail(error: unknown): void {
    if (this.failed) return;
    this.failed = true;
    this.settings.onFatal(error);
  }

  private parkedKeys(): number {
    let keys = 0;
    for (const { parkedKeys } of this.live.load()) keys += parkedKeys;
    return keys;
  }

  private tooManyParked(): boolean {
    return this.parkedKeys() > this.settings.options.systemicParkedKeys;
  }
}

function divide(roles: ReadonlyMap<string, TopicRole>): [Map<string, TopicRole>, Map<string, TopicRole>] {
  const entries = [...roles];
  return [
    new Map(entries.filter(([, { kind }]) => kind === 'source')),
    new Map(entries.filter(([, { kind }]) => kind !== 'source')),
  ];
}
