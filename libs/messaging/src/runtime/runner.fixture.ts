import { consumerView, OrderCreated } from '@millrace/contracts';
import {
  MemoryBroker,
  MemoryConsumerStore,
  orderCreated,
  orderCreatedRecord,
  VirtualClock,
  type ProducedRecord,
} from '@millrace/testing/runtime';
import { completeOptions, type ConsumerOptions } from '../api/consumer-options.js';
import { retryPlan } from '../api/retry-plan.js';
import type { EventBatch } from '../api/event-batch.js';
import type { EventContext } from '../api/event-context.js';
import { FailureRate } from '../failure/failure-rate.js';
import { HoldGate } from '../failure/hold-gate.js';
import { BlockedKeys } from '../partition/ordering-key.js';
import { queued } from '../record/queued-record.js';
import { RecordDecoder } from '../record/record-decoder.js';
import { RecordRunner } from '../record/record-runner.js';
import type { BoundHandler, QueuedRecord } from '../record/work-item.js';

/** Topic that the bench's records come from. */
export const TOPIC = 'order.created';
/** Its dead letters. */
export const DEAD_LETTERS = 'fraud.order.created.dlq';

/** What a test's handler does with an order, named by its customer; throw to make the record fail. */
export type Behaviour = (name: string, context: EventContext) => void | Promise<void>;

/** A handler whose effect is the customer's id, after the behaviour had its say. */
export function effectHandler(behave: () => Behaviour): BoundHandler {
  return {
    view: consumerView(OrderCreated, ['customerId']),
    each: false,
    invoke: async (payload, context: EventContext) => {
      for (const { data } of (payload as EventBatch<{ customerId: string }>).events) {
        await behave()(data.customerId, context);
        await context.tx.query('effect', [data.customerId]);
      }
    },
  };
}

/**
 * A record runner on a store and a broker in memory, with a clock that a test moves. Without options nothing must
 * stay in order and there is no retry plan, so that a record that keeps failing dies after its local tries.
 */
export class RunnerBench {
  readonly clock = new VirtualClock();
  readonly broker = new MemoryBroker();
  readonly lost = new AbortController();
  readonly stopped = new AbortController();
  readonly gate: HoldGate;
  readonly rate = new FailureRate(100, 0.5);
  readonly blocked = new BlockedKeys();
  /** Steps in the order in which they happened. */
  readonly journal: string[] = [];
  /** Offsets in the order in which they became terminal. */
  readonly terminal: number[] = [];
  /** Customers in the order in which the handler saw them, repetitions included. */
  readonly seen: string[] = [];
  behave: Behaviour = () => undefined;
  private readonly decoder: RecordDecoder;
  private readonly runner: RecordRunner;

  constructor(
    options: Partial<ConsumerOptions> = {},
    readonly store = new MemoryConsumerStore(),
  ) {
    this.gate = new HoldGate('fraud', this.clock, this.stopped.signal);
    const handler = effectHandler(() => (name, context) => {
      this.seen.push(name);
      return this.behave(name, context);
    });
    const complete = completeOptions({
      group: 'fraud',
      ordering: 'none',
      retry: retryPlan(),
      ...options,
    });
    this.decoder = new RecordDecoder(new Map([['order.created', handler]]), this.clock, complete);
    const { broker, clock, gate, rate } = this;
    this.runner = new RecordRunner({
      options: complete,
      broker,
      store,
      clock,
      gate,
      rate,
      serviceVersion: '1',
    });
    broker.createTopic(DEAD_LETTERS, 6);
    store.onStep = (step) => void this.journal.push(step);
    broker.onSend = () => void this.journal.push('send');
  }

  /** Names of the dead letters' events and why they died. */
  deadLetters(): string[] {
    return this.broker.records(DEAD_LETTERS).map(({ headers }) => String(headers['x-error-reason']));
  }

  /** Brings records to their terminal states; the clock moves as far as that needs. */
  async run(records: readonly ProducedRecord[], firstOffset = 0): Promise<void> {
    await this.clock.runUntil(this.begin(records, firstOffset));
  }

  /** Like `run`, but leaves the clock to the test. */
  begin(records: readonly ProducedRecord[], firstOffset = 0): Promise<void> {
    const items = records.map((record, index) => this.decoder.decode(placed(record, firstOffset + index)));
    return this.runner.run(items, {
      signal: this.lost.signal,
      stopping: this.lost.signal,
      blocked: this.blocked,
      probeHead: async () => undefined,
      terminal: (item) => {
        this.journal.push('terminal');
        this.terminal.push(Number(item.record.offset));
      },
    });
  }
}

/** A good record whose customer has that name. */
export function named(name: string, eventId?: string): ProducedRecord {
  return orderCreatedRecord(orderCreated({ customerId: name }), eventId);
}

/** A good record with that key, or none. */
export function keyed(key: string | null, name: string, eventId?: string): ProducedRecord {
  return { ...named(name, eventId), key: key === null ? null : Buffer.from(key) };
}

/** The n-th of many event ids: uuidv7, in ascending order. */
export function eventIdOf(index: number): string {
  return `019ca945-0a00-7000-8000-${index.toString(16).padStart(12, '0')}`;
}

/** Good records named by their position: c0, c1, … */
export function manyNamed(count: number): ProducedRecord[] {
  return Array.from({ length: count }, (_, index) => named(`c${index}`));
}

function placed(record: ProducedRecord, offset: number): QueuedRecord {
  const fetched = { ...record, topic: TOPIC, partition: 2, offset: BigInt(offset) };
  return queued(fetched, { kind: 'source', source: TOPIC }, 0);
}
