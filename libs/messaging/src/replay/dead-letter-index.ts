import { readDeadLetter } from '../failure/dead-letter-reader.js';
import type { BrokerRecord } from '../ports/broker.port.js';
import type { LetterFilter } from './replay-filter.js';

interface Entry {
  readonly partition: number;
  readonly offset: bigint;
  readonly timestamp: number;
  readonly selected: boolean;
}

/**
 * The dead events of a topic, each by its newest dead letter: only that tells why the event is dead now, and how
 * often it was replayed. Holds places instead of records, about 200 bytes for each event.
 */
export class DeadLetterIndex {
  /** Dead letters seen, of one event possibly several. */
  found = 0;
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly filter: LetterFilter) {}

  /** Takes note of a dead letter; one whose event cannot be told is passed over. */
  add(letter: BrokerRecord): void {
    this.found += 1;
    const info = readDeadLetter(letter);
    if (info.eventId === undefined || !this.filter.mayMatch(letter, info.eventId)) return;
    const before = this.entries.get(info.eventId);
    if (before && !isNewer(letter, before)) return;
    const { partition, offset, timestamp } = letter;
    const selected = this.filter.matches(letter, info);
    this.entries.set(info.eventId, { partition, offset, timestamp, selected });
  }

  /** Forgets the events whose newest dead letter does not match, and returns the ids of the others. */
  select(): string[] {
    for (const [eventId, { selected }] of this.entries) if (!selected) this.entries.delete(eventId);
    return [...this.entries.keys()];
  }

  /** How many events are left. */
  get size(): number {
    return this.entries.size;
  }

  /** Forgets an event. */
  delete(eventId: string): void {
    this.entries.delete(eventId);
  }

  /** True, once, for the newest dead letter of an event that is left. */
  take({ partition, offset }: BrokerRecord, eventId: string | undefined): boolean {
    const entry = eventId === undefined ? undefined : this.entries.get(eventId);
    if (eventId === undefined || entry?.partition !== partition || entry.offset !== offset) return false;
    return this.entries.delete(eventId);
  }
}

/** All dead letters of an event lie in one partition, unless somebody has repartitioned the topic. */
function isNewer(letter: BrokerRecord, before: Entry): boolean {
  if (letter.partition === before.partition) return letter.offset > before.offset;
  return letter.timestamp > before.timestamp;
}
