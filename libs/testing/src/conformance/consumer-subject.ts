import type { ServiceTopology } from '@millrace/contracts';
import type { MigrationClass, Transactions } from '@millrace/persistence';
import type { Provider, Type } from '@nestjs/common';
import type { ProducedRecord } from '../builders.js';

/** A consumer that is to keep the contract of all consumers: its real handler with its real SQL. */
export interface ConsumerSubject {
  /** The class that `@EventConsumer` marks. */
  readonly consumer: Type<object>;
  /** What its constructor injects. @default nothing */
  readonly providers?: (transactions: Transactions) => readonly Provider[];
  /** Schema of its tables. */
  readonly schema: string;
  readonly migrations: readonly MigrationClass[];
  /** A record that the handler accepts, with that event id; no two of them are about the same thing. */
  readonly event: (eventId: string) => ProducedRecord;
  /** Statement that yields an `event_id` (uuid) for each time that an event took effect, by its own tables. */
  readonly effects: string;
  /** Services whose topics exist. @default the fleet's topology */
  readonly services?: readonly ServiceTopology[];
}

/** Servers that the contract is checked on; without Kafka the log is in memory and time is virtual. */
export interface ConsumerPlace {
  /** URL of the superuser. */
  readonly postgres: string;
  /** host:port of a broker. @default a log in memory */
  readonly kafka?: string;
}
