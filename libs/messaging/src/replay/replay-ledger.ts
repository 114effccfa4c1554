import { logger } from '@millrace/telemetry';
import type { Armed, ReplayCounts } from '../ports/replay-ledger.js';
import type { ReplayEnd } from './replay-report.js';
import type { CompleteReplayRequest } from './replay-request.js';
import type { ReplayerSettings } from './replayer.js';

const log = logger('millrace.replay');

/** The ledger of one replay: it is opened with the first event, so that a replay without any leaves no trace. */
export class ReplayLedger {
  /** As they were when they were last asked for. */
  counts: ReplayCounts = { sent: 0, done: 0, failed: 0 };
  private opened = false;

  constructor(
    private readonly settings: ReplayerSettings,
    private readonly request: CompleteReplayRequest,
    private readonly replayId: string,
  ) {}

  /** Gives an event to the replay. */
  async arm(eventId: string): Promise<Armed> {
    const { store, group, clock } = this.settings;
    await this.open();
    return store.arm(group, eventId, this.replayId, clock.now());
  }

  /** How the events of the replay stand now. */
  async results(): Promise<ReplayCounts> {
    const { store, group } = this.settings;
    if (this.opened) this.counts = await store.replayCounts(group, this.replayId);
    return this.counts;
  }

  /** Says how the replay ended. */
  async close(end: ReplayEnd): Promise<void> {
    if (!this.opened) return;
    const { store, group, clock } = this.settings;
    await this.results();
    await store.finishReplay(group, this.replayId, end, clock.now());
  }

  /** Says that the replay was aborted; never throws, because whoever aborts has a reason of his own to tell. */
  async abort(): Promise<void> {
    try {
      await this.close('aborted');
    } catch (error) {
      log.warn({ err: error, replayId: this.replayId }, 'the end of a replay could not be recorded');
    }
  }

  private async open(): Promise<void> {
    if (this.opened) return;
    const { store, group, topic, clock } = this.settings;
    const { by, why, filter, outsideEffects } = this.request;
    await store.startReplay(
      { replayId: this.replayId, group, topic, by, why, filter: JSON.stringify(filter), outsideEffects },
      clock.now(),
    );
    this.opened = true;
  }
}
