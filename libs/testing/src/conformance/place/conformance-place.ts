import type { Broker, BrokerRecord, Clock, ConsumerOptions, OutgoingRecord } from '@millrace/messaging';

/** The log and the time that a consumer lives with in one case. */
export interface ConformancePlace {
  readonly clock: Clock;
  /** Options that only say how often and how long, made to fit this place's time. */
  readonly options: Partial<ConsumerOptions>;
  /** The log, for a new member of the group or for the test itself. */
  connect(): Broker;
  /** Appends records; resolves once they can be fetched. */
  append(records: readonly OutgoingRecord[]): Promise<void>;
  /** All records of a topic, partition by partition. */
  records(topic: string): Promise<readonly BrokerRecord[]>;
  /** Ends every member as if its process were killed: nothing of it reaches the log any more. */
  kill(): void;
  /** Waits until the check passes, time going on meanwhile; throws what the check threw last. */
  reach(check: () => void | Promise<void>): Promise<void>;
  /** Waits for the work, time going on meanwhile. */
  finish(work: Promise<unknown>): Promise<void>;
  /** Lets that many milliseconds pass, whatever the consumer waits for. */
  pass(milliseconds: number): Promise<void>;
  close(): Promise<void>;
}

/** A place whose outages are the test's. */
export interface VirtualPlace extends ConformancePlace {
  /** The broker is away, or back. */
  outage(away: boolean): void;
}
