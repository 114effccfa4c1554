import type { CompleteConsumerOptions } from '../api/consumer-options.js';
import type { FailureRate } from '../failure/failure-rate.js';
import type { HoldGate } from '../failure/hold-gate.js';
import type { Broker } from '../ports/broker.port.js';
import type { Clock } from '../ports/clock.js';
import type { ConsumerStore } from '../ports/consumer-store.port.js';

/** What every part of one consumer's runtime works with. */
export interface ConsumerEnvironment {
  readonly options: CompleteConsumerOptions;
  readonly broker: Broker;
  readonly store: ConsumerStore;
  readonly clock: Clock;
  readonly gate: HoldGate;
  readonly rate: FailureRate;
  /** Version of the service, for dead letters. */
  readonly serviceVersion: string;
}
