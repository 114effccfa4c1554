import type { EventLog, Partition, SagaEvent, Tell } from './event-log.js';

/** What becomes of a transaction and of the events that it was for. */
export type Fate =
  | 'commits'
  /** It commits, and the process dies before it says so: the events come again. */
  | 'repeats'
  /** It is rolled back, and the events come again. */
  | 'crashes';

/** What a service does with the events of a topic. */
export type Handler = (events: readonly SagaEvent[], tell: Tell, now: number) => void;

/** Events that a service has not taken yet. */
export interface Backlog {
  readonly service: SagaService;
  readonly partition: Partition;
  readonly waiting: readonly SagaEvent[];
}

/**
 * A service as the runtime makes it: it reads the partitions of its topics in their order, its state, its inbox and what
 * it tells commit together or not at all. The state is plain data and nothing but `handlers` and methods that go through
 * `transact` change it.
 */
export abstract class SagaService<State extends object = object> {
  protected abstract readonly handlers: Readonly<Record<string, Handler>>;
  private inbox: ReadonlySet<string> = new Set();
  private readonly offsets = new Map<string, number>();

  constructor(
    protected readonly log: EventLog,
    protected state: State,
  ) {}

  backlogs(): Backlog[] {
    return Object.keys(this.handlers)
      .flatMap((topic) => this.log.partitions(topic))
      .map((partition) => ({
        service: this,
        partition,
        waiting: partition.events.slice(this.offsets.get(placeOf(partition)) ?? 0),
      }))
      .filter(({ waiting }) => waiting.length > 0);
  }

  /** Takes the next events of a partition as one batch. */
  take(partition: Partition, count: number, fate: Fate, now: number): void {
    const offset = this.offsets.get(placeOf(partition)) ?? 0;
    const batch = partition.events.slice(offset, offset + count);
    this.transact(fate, (tell) => {
      const fresh = batch.filter(({ id }) => !this.inbox.has(id));
      this.inbox = new Set([...this.inbox, ...fresh.map(({ id }) => id)]);
      if (fresh.length > 0) this.handlers[partition.topic]?.(fresh, tell, now);
    });
    if (fate === 'commits') this.offsets.set(placeOf(partition), offset + batch.length);
  }

  protected transact(fate: Fate, work: (tell: Tell) => void): void {
    const before = { state: structuredClone(this.state), inbox: this.inbox };
    const told: SagaEvent[] = [];
    work((event, data, at) => told.push(this.log.eventOf(event, data, at)));
    if (fate === 'crashes') Object.assign(this, before);
    else this.log.append(told);
  }
}

function placeOf({ topic, number }: Partition): string {
  return `${topic}/${number}`;
}
