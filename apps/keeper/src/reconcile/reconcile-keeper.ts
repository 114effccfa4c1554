import { reasonOf } from '../reason-of.js';
import type { Clock } from '../timing/clock.js';
import type { AlarmLog } from '../timing/keeper-log.js';
import { KeeperLoop } from '../timing/keeper-loop.js';
import type { Sight } from '../watch/sight.js';
import { Findings } from './findings.js';
import type { ReconciledGroup } from './reconciled-groups.js';
import type { Reconciler } from './reconciler.js';

/** Part of the time that comparing may take, as its inverse: after a long comparison the pause is that much longer. */
const SHARE = 10;

/** What the keeper of the comparison needs. */
export interface ReconcileKeeperParts {
  readonly reconciler: Reconciler;
  /** The last look at log and groups. */
  readonly sight: () => Sight | undefined;
  /** Told how many events of a group were compared for the first time. */
  readonly checked: (group: string, events: number) => void;
  /** Pause between two comparisons in milliseconds. */
  readonly everyMs: number;
  readonly clock: Clock;
  readonly log: AlarmLog;
}

/** What is known of one group. */
export interface ReconcileView {
  readonly group: string;
  readonly missing: number;
  readonly extra: number;
  /** Seconds since the youngest event before which everything has been compared; since the start at first. */
  readonly ageSeconds: number;
}

/**
 * Compares all groups again and again. A group that lags or was never there is compared as far as it got; one that cannot
 * be asked keeps what was found before, and its age grows.
 */
export class ReconcileKeeper {
  readonly #loop: KeeperLoop;
  readonly #findings: ReadonlyMap<string, Findings>;
  #problem: string | undefined;

  constructor(private readonly parts: ReconcileKeeperParts) {
    const { clock, log, reconciler } = parts;
    this.#loop = new KeeperLoop(clock, (signal) => this.#look(signal));
    this.#findings = new Map(
      reconciler.groups.map(({ group }) => [group, new Findings(group, clock.now(), log)]),
    );
  }

  /** Begins with a first note of what is published. */
  start(): void {
    // the counters are there before anything is compared, so that their increase can be seen
    for (const group of this.#findings.keys()) this.parts.checked(group, 0);
    this.#loop.start();
  }

  /** Gives up questions to services, and resolves when the statement that is under way has ended. */
  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** What is known of every group. */
  view(): readonly ReconcileView[] {
    const now = this.parts.clock.now();
    return [...this.#findings].map(([group, { missing, extra, comparedBefore }]) => ({
      group,
      missing: missing.size,
      extra: extra.size,
      ageSeconds: Math.max(0, now - comparedBefore) / 1_000,
    }));
  }

  async #look(signal: AbortSignal): Promise<number> {
    const { clock, everyMs, log } = this.parts;
    const began = clock.now();
    try {
      await this.#compareAll(began, signal);
      this.#problem = undefined;
    } catch (error) {
      const problem = reasonOf(error);
      if (!signal.aborted && this.#problem === undefined) log.warn({ problem }, 'events cannot be compared');
      this.#problem = problem;
    }
    return Math.max(everyMs, (SHARE - 1) * (clock.now() - began));
  }

  async #compareAll(now: number, signal: AbortSignal): Promise<void> {
    const { reconciler, clock } = this.parts;
    const sight = this.parts.sight();
    await reconciler.follow(sight, () => clock.now());
    if (!sight) return;
    const due = reconciler.groups.flatMap((group) => {
      const before = reconciler.comparableBefore(group, sight, now);
      return before === undefined ? [] : [{ group, before }];
    });
    if (due.length === 0) return;
    await reconciler.cover(Math.max(...due.map(({ before }) => before)), now);
    for (const { group, before } of due) await this.#compare(group, { before, now }, signal);
  }

  async #compare(
    group: ReconciledGroup,
    at: { readonly before: number; readonly now: number },
    signal: AbortSignal,
  ): Promise<void> {
    const findings = this.#findings.get(group.group);
    if (!findings || signal.aborted) return;
    try {
      const compared = await this.parts.reconciler.compare(group, at, findings.missing, signal);
      this.parts.checked(group.group, findings.found(compared));
    } catch (error) {
      if (!signal.aborted) findings.failed(reasonOf(error));
    }
  }
}
