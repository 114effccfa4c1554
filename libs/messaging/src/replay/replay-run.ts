import { randomUUID } from 'node:crypto';
import { deadLetterTopic, EventHeader } from '@millrace/contracts';
import { countReplay, startReplaySpan, type ReplaySpan } from '@millrace/telemetry';
import { observe } from '../api/observation-points.js';
import { readDeadLetter } from '../failure/dead-letter-reader.js';
import { RuntimeHeader } from '../failure/header-names.js';
import type { BrokerRecord, OutgoingRecord, RecordVisitor } from '../ports/broker.port.js';
import { DeadLetterIndex } from './dead-letter-index.js';
import { canaryLives } from './replay-canary.js';
import { LetterFilter } from './replay-filter.js';
import { ReplayLedger } from './replay-ledger.js';
import { ReplayPace } from './replay-pace.js';
import { ReplayAbortedError, TryOuts, type ReplayEnd, type ReplayReport } from './replay-report.js';
import type { CompleteReplayRequest } from './replay-request.js';
import { replayedRecord } from './replayed-record.js';
import type { ReplayerSettings } from './replayer.js';

const STATES_PER_QUERY = 500;

/**
 * One replay. It reads the dead letters twice: first to learn which letter of each event is the newest, then to send
 * those; so its memory does not grow with payloads.
 *
 * - `select`: the events whose newest letter matches the filter, without those that are not dead any more;
 * - `visit`: each of them, at the rate asked for, is armed in the store and then published; a dry run tries it out;
 * - the canary: before the event after the first N is armed, the results of those are waited for;
 * - the ledger opens with the first event and says in the end how it ended.
 */
export class ReplayRun {
  private readonly replayId = randomUUID();
  private readonly index: DeadLetterIndex;
  private readonly pace: ReplayPace;
  private readonly ledger: ReplayLedger;
  private readonly tryOuts = new TryOuts();
  private readonly span: ReplaySpan;
  private end: ReplayEnd = 'completed';
  private canaryAsked = false;
  private selected = 0;
  private sent = 0;
  private rearmed = 0;
  private skipped = 0;

  constructor(
    private readonly settings: ReplayerSettings,
    private readonly request: CompleteReplayRequest,
  ) {
    this.index = new DeadLetterIndex(new LetterFilter(request.filter));
    this.pace = new ReplayPace(settings.clock, request.ratePerSecond);
    this.ledger = new ReplayLedger(settings, request, this.replayId);
    const { group, topic } = settings;
    this.span = startReplaySpan({ group, topic, replayId: this.replayId });
  }

  async run(): Promise<ReplayReport> {
    try {
      await this.select();
      if (this.index.size > 0) await this.scan((letter) => this.visit(letter));
      // What is left of a completed scan has passed its retention between the two readings.
      if (this.end === 'completed') this.skipped += this.index.size;
      await this.ledger.close(this.end);
      this.span.end();
    } catch (error) {
      this.span.end(error);
      this.end = 'aborted';
      await this.ledger.abort();
      if (error !== this.request.signal.reason) throw new ReplayAbortedError(this.report(), error);
    }
    return this.report();
  }

  private scan(visit: RecordVisitor): Promise<void> {
    const { broker, group, topic } = this.settings;
    return broker.scan(deadLetterTopic(group, topic), visit, this.request.signal);
  }

  private async select(): Promise<void> {
    await this.scan(async (letter) => {
      this.index.add(letter);
      return 'continue';
    });
    const eventIds = this.index.select();
    this.selected = eventIds.length;
    for (let at = 0; at < eventIds.length; at += STATES_PER_QUERY) {
      this.request.signal.throwIfAborted();
      await this.skipLiving(eventIds.slice(at, at + STATES_PER_QUERY));
    }
  }

  private async skipLiving(eventIds: readonly string[]): Promise<void> {
    const { store, group } = this.settings;
    for (const { eventId, state } of await store.statesOf(group, eventIds)) {
      if (state === 'dead') continue;
      this.index.delete(eventId);
      this.skipped += 1;
    }
  }

  private async visit(letter: BrokerRecord): Promise<'continue' | 'stop'> {
    const info = readDeadLetter(letter);
    const { eventId } = info;
    if (eventId === undefined || !this.index.take(letter, eventId)) return 'continue';
    if (!(await this.mayGoOn())) {
      this.end = 'stopped';
      return 'stop';
    }
    await this.pace.turn(this.request.signal);
    const { group, topic } = this.settings;
    const { outsideEffects } = this.request;
    const record = replayedRecord(letter, info, { group, topic, replayId: this.replayId, outsideEffects });
    if (this.request.dryRun) await this.tryOut(eventId, letter, record);
    else await this.give(eventId, record);
    return this.index.size === 0 ? 'stop' : 'continue';
  }

  private async mayGoOn(): Promise<boolean> {
    const { canary, signal } = this.request;
    if (canary === false || this.canaryAsked || this.sent + this.rearmed < canary.first) return true;
    this.canaryAsked = true;
    return canaryLives(canary, () => this.ledger.results(), this.settings.clock, signal);
  }

  /** Arms first: whoever runs the record asks whether this replay may, and a crash in between leaves the event dead. */
  private async give(eventId: string, record: OutgoingRecord): Promise<void> {
    const { group, topic } = this.settings;
    const armed = await this.ledger.arm(eventId);
    if (armed === 'not-dead') {
      this.skipped += 1;
      return;
    }
    countReplay({ group, topic });
    observe('replay.armed', group, () => [eventId]);
    if (armed === 'rearmed') {
      this.rearmed += 1;
      return;
    }
    await this.publish(record);
    this.sent += 1;
    observe('replay.published', group, () => [eventId]);
  }

  /** Names its sending to whoever runs the record, who then links it. */
  private async publish(record: OutgoingRecord): Promise<void> {
    const sending = this.span.send(record.topic, record.headers[EventHeader.traceparent]);
    const { traceparent } = sending;
    const named = traceparent === null ? {} : { [RuntimeHeader.replayTraceparent]: traceparent };
    try {
      await this.settings.broker.send([{ ...record, headers: { ...record.headers, ...named } }]);
      sending.end();
    } catch (error) {
      sending.end(error);
      throw error;
    }
  }

  private async tryOut(
    eventId: string,
    { partition, offset, timestamp }: BrokerRecord,
    record: OutgoingRecord,
  ) {
    const result = await this.settings.tryOut({ ...record, partition, offset, timestamp });
    this.tryOuts.add(eventId, result);
  }

  private report(): ReplayReport {
    const { done, failed } = this.ledger.counts;
    return {
      replayId: this.replayId,
      dryRun: this.request.dryRun,
      end: this.end,
      found: this.index.found,
      selected: this.selected,
      sent: this.sent,
      rearmed: this.rearmed,
      skipped: this.skipped,
      done,
      failed,
      ...(this.request.dryRun ? this.tryOuts.counts : {}),
      examples: this.tryOuts.examples,
    };
  }
}
