import type { Broker, BrokerRecord } from '../ports/broker.port.js';
import type { Clock } from '../ports/clock.js';
import type { ConsumerStore } from '../ports/consumer-store.port.js';
import type { ReplayReport, TryOutResult } from './replay-report.js';
import { completeReplayRequest, type ReplayRequest } from './replay-request.js';
import { ReplayRun } from './replay-run.js';

/** What a replay needs of the broker. */
export type ReplayBroker = Pick<Broker, 'scan' | 'send'>;

/** What a replay needs of the store. */
export type ReplayStore = Pick<
  ConsumerStore,
  'statesOf' | 'startReplay' | 'arm' | 'replayCounts' | 'finishReplay'
>;

/** What a replayer works with. */
export interface ReplayerSettings {
  /** Consumer group that the events are replayed to, and no other. */
  readonly group: string;
  /** Source topic whose dead events are replayed. */
  readonly topic: string;
  readonly broker: ReplayBroker;
  readonly store: ReplayStore;
  readonly clock: Clock;
  /** Runs a record, as it would arrive on the replay topic, in a transaction that is rolled back. */
  readonly tryOut: (record: BrokerRecord) => Promise<TryOutResult>;
}

/**
 * Replays dead events of one topic to one group. Each event is given to the replay in the store first and published
 * afterwards, so that only an event that is dead at that moment runs again, and a replay can be repeated at any time.
 */
export class Replayer {
  constructor(private readonly settings: ReplayerSettings) {}

  /**
   * Replays what the request selects and resolves with what was done. Throws `ReplayRequestError` before anything is
   * read, and `ReplayAbortedError` when the broker or the store fails on the way.
   */
  async replay(request: ReplayRequest): Promise<ReplayReport> {
    return new ReplayRun(this.settings, completeReplayRequest(request)).run();
  }
}
