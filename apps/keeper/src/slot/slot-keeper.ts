import type { ConnectClient } from '../connector/connect-client.js';
import { allIn } from '../connector/connector-status.js';
import { reasonOf } from '../reason-of.js';
import type { Clock } from '../timing/clock.js';
import type { AlarmLog } from '../timing/keeper-log.js';
import { KeeperLoop } from '../timing/keeper-loop.js';
import { connectorOffset } from './connector-offset.js';
import type { SlotLedger, SlotSight } from './slot-ledger.js';
import { SlotStatus, type SlotCondition } from './slot-status.js';
import { judgeSlot, type SlotVerdict } from './slot-verdict.js';
import { WalMarks } from './wal-marks.js';

/** Pause between two looks at the slot in milliseconds; also the distance of two marks in the WAL. */
export const SLOT_LOOK_MS = 1_000;

/** What the slot keeper needs. */
export interface SlotKeeperParts {
  readonly ledger: Pick<SlotLedger, 'sight' | 'oldest' | 'note' | 'halt' | 'settle'>;
  readonly connect: ConnectClient;
  /** Name of the connector. */
  readonly connector: string;
  /** Name of the slot. */
  readonly slot: string;
  readonly clock: Clock;
  readonly log: AlarmLog;
}

/**
 * Watches the slot, every second:
 *
 * ```
 * trusted  → note how far it is proven and what is certainly published; after a recovery let the connector run
 * unproven → note nothing, conclude nothing
 * broken   → note that it is halted, which only `keeper recover` ends, and stop the connector: without an offset it
 *            would make a slot by itself and skip what lies before it
 * ```
 */
export class SlotKeeper {
  readonly #loop: KeeperLoop;
  readonly #marks = new WalMarks();
  readonly #status: SlotStatus;
  #writersSince: number | undefined;

  constructor(private readonly parts: SlotKeeperParts) {
    this.#loop = new KeeperLoop(parts.clock, (signal) => this.#look(signal));
    this.#status = new SlotStatus(parts.clock);
  }

  /** Name of the slot. */
  get name(): string {
    return this.parts.slot;
  }

  /** Begins with a look at once. */
  start(): void {
    this.#loop.start();
  }

  /** Ends a look that is under way and resolves when the loop has ended. */
  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** What the last look found; `connectorRuns` tells whether somebody should be reading the slot. */
  status(connectorRuns: boolean): SlotCondition {
    return this.#status.condition(connectorRuns);
  }

  async #look(signal: AbortSignal): Promise<number> {
    try {
      const sight = await this.parts.ledger.sight();
      const verdict = await this.#judge(sight, signal);
      this.#tell(sight, verdict);
      if (verdict.kind === 'trusted') await this.#advance(sight, signal);
      if (verdict.kind === 'broken') await this.#hold(sight, verdict.problem ?? '', signal);
      await this.#measure(sight);
    } catch (error) {
      if (!signal.aborted) this.#status.failed(reasonOf(error));
    }
    return SLOT_LOOK_MS;
  }

  async #judge({ slot, record }: SlotSight, signal: AbortSignal): Promise<SlotVerdict> {
    const { connect, connector, slot: name } = this.parts;
    const moved = slot !== undefined && record !== undefined && slot.confirmedLsn > record.provenLsn;
    const offset = moved ? await connectorOffset(connect, connector, signal) : 'unknown';
    return judgeSlot({ name, slot, record, offset });
  }

  async #advance({ slot, record, mark }: SlotSight, signal: AbortSignal): Promise<void> {
    if (!slot || !record) return;
    if (mark) this.#marks.add(mark);
    const passed = this.#marks.pass(slot.confirmedLsn);
    if (passed) this.#writersSince = passed.writersSince;
    const publishedBefore = Math.max(record.publishedBefore, passed?.settledBefore ?? -Infinity);
    if (slot.confirmedLsn > record.provenLsn || publishedBefore > record.publishedBefore) {
      await this.parts.ledger.note({ provenLsn: slot.confirmedLsn, publishedBefore });
    }
    if (record.state === 'recovered') await this.#release(signal);
  }

  /** Lets the connector run after a recovery, also when the command was killed before it could. */
  async #release(signal: AbortSignal): Promise<void> {
    const { connect, connector, ledger, log } = this.parts;
    const status = await connect.status(connector, signal);
    if (status?.connector.state === 'STOPPED') await connect.resume(connector, signal);
    if (!status || !allIn('RUNNING', status)) return;
    await ledger.settle();
    log.info({ slot: this.parts.slot }, 'capture has recovered');
  }

  async #hold({ record }: SlotSight, problem: string, signal: AbortSignal): Promise<void> {
    const { connect, connector, ledger } = this.parts;
    // a recovery that is under way stops and starts the connector by itself
    if (record?.state === 'recovering') return;
    if (record?.state !== 'halted' && !(await ledger.halt(problem))) return;
    const status = await connect.status(connector, signal);
    if (status && status.connector.state !== 'STOPPED') await connect.stop(connector, signal);
  }

  async #measure({ record }: SlotSight): Promise<void> {
    const since = this.#writersSince ?? record?.publishedBefore ?? -Infinity;
    this.#status.measured(await this.parts.ledger.oldest(since));
  }

  #tell({ slot }: SlotSight, verdict: SlotVerdict): void {
    const changed = this.#status.seen(slot, verdict);
    if (!changed) return;
    const fields = { slot: this.parts.slot, ...verdict };
    if (verdict.kind === 'broken') this.parts.log.error(fields, 'capture is halted: events may be missing');
    else if (verdict.kind === 'trusted') this.parts.log.info(fields, 'slot is well');
    else this.parts.log.warn(fields, 'slot cannot be judged');
  }
}
