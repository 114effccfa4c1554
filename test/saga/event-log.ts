import { assertProducible, type EventDefinition } from '@millrace/contracts';

const PARTITIONS = 2;

/** An event on the log. */
export interface SagaEvent {
  readonly id: string;
  readonly topic: string;
  readonly orderId: string;
  /** When it was told, milliseconds since the epoch. */
  readonly at: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Makes an event of what a service tells, and checks it against its contract. */
export type Tell = <Data extends { readonly orderId: string }>(
  event: EventDefinition,
  data: Data,
  at: number,
) => void;

/** A partition of a topic: events in the order in which they were told. */
export interface Partition {
  readonly topic: string;
  readonly number: number;
  readonly events: readonly SagaEvent[];
}

/** What the services share: topics in partitions by order, which keep no order among each other. */
export class EventLog {
  private readonly topics = new Map<string, SagaEvent[][]>();
  private lastId = 0;

  /** The event of these words, not yet on the log. */
  eventOf(event: EventDefinition, data: { readonly orderId: string }, at: number): SagaEvent {
    assertProducible(event, data);
    this.lastId += 1;
    return { id: `e${this.lastId}`, topic: event.topic, orderId: data.orderId, at, data };
  }

  append(events: readonly SagaEvent[]): void {
    for (const event of events) this.partitionsOf(event.topic)[partitionOf(event.orderId)]?.push(event);
  }

  partitions(topic: string): Partition[] {
    return this.partitionsOf(topic).map((events, number) => ({ topic, number, events }));
  }

  /** Everything that was ever told of an order. */
  of(orderId: string): SagaEvent[] {
    const all = [...this.topics.values()].flat(2);
    return all.filter((event) => event.orderId === orderId);
  }

  private partitionsOf(topic: string): SagaEvent[][] {
    const known = this.topics.get(topic);
    if (known) return known;
    const made = Array.from({ length: PARTITIONS }, (): SagaEvent[] => []);
    this.topics.set(topic, made);
    return made;
  }
}

function partitionOf(orderId: string): number {
  return (orderId.codePointAt(orderId.length - 1) ?? 0) % PARTITIONS;
}
