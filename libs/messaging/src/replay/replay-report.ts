/** How trying an event out in a dry run ended. */
export type TryOutResult =
  | { readonly ok: true }
  | {
      readonly ok: false;
      /** Reason that it would die of. */
      readonly reason: string;
      readonly errorClass: string;
      /** Without values. */
      readonly errorMessage: string;
    };

/** An event that would die again; never a payload. */
export interface ReplayExample {
  readonly eventId: string;
  readonly reason: string;
  readonly errorClass: string;
  readonly errorMessage: string;
}

/**
 * How a replay ended: `completed` — everything selected was given to it; `stopped` — its canary died again or had no
 * results in time; `aborted` — its signal or an error ended it.
 */
export type ReplayEnd = 'completed' | 'stopped' | 'aborted';

/** What a replay did. */
export interface ReplayReport {
  readonly replayId: string;
  readonly dryRun: boolean;
  readonly end: ReplayEnd;
  /** Dead letters on the topic, of one event possibly several. */
  readonly found: number;
  /** Events whose newest dead letter matches the filter. */
  readonly selected: number;
  /** Events whose record was published to the replay topic. */
  readonly sent: number;
  /** Dead heads of blocked keys, which their owner drives in place; nothing is published for them. */
  readonly rearmed: number;
  /** Selected events that are not dead any more, or whose dead letter has just passed its retention. */
  readonly skipped: number;
  /** Events of this replay that have taken effect by its end; the ledger counts on. */
  readonly done: number;
  /** Events of this replay that have died again by its end; the ledger counts on. */
  readonly failed: number;
  /** Of a dry run only: how many events would take effect. */
  readonly wouldSucceed?: number;
  /** Of a dry run only: how many events would die again, by reason. */
  readonly wouldFail?: Readonly<Record<string, number>>;
  /** Of a dry run: the first 20 events that would die again. */
  readonly examples: readonly ReplayExample[];
}

/** A replay that an error ended, its `cause`; the report tells what had happened by then. */
export class ReplayAbortedError extends Error {
  readonly code = 'REPLAY_ABORTED';
  override readonly name = 'ReplayAbortedError';

  constructor(
    readonly report: ReplayReport,
    override readonly cause: unknown,
  ) {
    const { sent, rearmed, selected } = report;
    super(
      `the replay was ended by an error after ${sent + rearmed} of ${selected} events; start it again for the others`,
    );
  }
}

const EXAMPLES = 20;

/** What the events of a dry run would do. */
export class TryOuts {
  readonly examples: ReplayExample[] = [];
  private succeed = 0;
  private readonly fail = new Map<string, number>();

  /** Counts a result. */
  add(eventId: string, result: TryOutResult): void {
    if (result.ok) {
      this.succeed += 1;
      return;
    }
    const { reason, errorClass, errorMessage } = result;
    this.fail.set(reason, (this.fail.get(reason) ?? 0) + 1);
    if (this.examples.length < EXAMPLES) this.examples.push({ eventId, reason, errorClass, errorMessage });
  }

  /** The fields of a dry run's report. */
  get counts(): Required<Pick<ReplayReport, 'wouldSucceed' | 'wouldFail'>> {
    return { wouldSucceed: this.succeed, wouldFail: Object.fromEntries(this.fail) };
  }
}
