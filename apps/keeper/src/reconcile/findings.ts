import type { AlarmLog } from '../timing/keeper-log.js';
import type { ComparedGroup } from './reconciler.js';

/** Lines about one comparison at most; the count says the rest. */
const MOST_LINES = 100;

/** What is known to differ in one group, and since when it is known that nothing else does. */
export class Findings {
  #missing: ReadonlyMap<string, string> = new Map();
  #extra: ReadonlySet<string> = new Set();
  #comparedBefore: number;
  #countedBefore = -Infinity;
  #problem: string | undefined;

  constructor(
    private readonly group: string,
    startedAt: number,
    private readonly log: AlarmLog,
  ) {
    this.#comparedBefore = startedAt;
  }

  /** Events without an outcome: topic by id. */
  get missing(): ReadonlyMap<string, string> {
    return this.#missing;
  }

  /** Ids of effects without an event. */
  get extra(): ReadonlySet<string> {
    return this.#extra;
  }

  /** Instant (milliseconds since the epoch) before which everything has been compared; at first when this began. */
  get comparedBefore(): number {
    return this.#comparedBefore;
  }

  /** Takes over a comparison, logs what is new or gone, and returns how many events were compared for the first time. */
  found({ missing, extra, published, before, complete }: ComparedGroup): number {
    this.#tell(
      [...missing].filter(([id]) => !this.#missing.has(id)).map(([eventId, topic]) => ({ eventId, topic })),
      'event is published and has neither effect nor failure',
    );
    this.#tell(
      [...extra].filter((id) => !this.#extra.has(id)).map((eventId) => ({ eventId })),
      'effect of an event that no outbox has',
    );
    const settled = [...this.#missing.keys()].filter((id) => !missing.has(id)).length;
    if (settled > 0)
      this.log.info({ group: this.group, events: settled }, 'missing events have an outcome now');
    this.#missing = missing;
    this.#extra = extra;
    this.#changed(complete ? undefined : 'too much differs to look at all of it');
    const fresh = [...published].filter(([bucket]) => bucket >= this.#countedBefore);
    if (!complete) return 0;
    this.#comparedBefore = Math.max(this.#comparedBefore, before);
    this.#countedBefore = before;
    return fresh.reduce((sum, [, { count }]) => sum + count, 0);
  }

  /** Notes that a comparison failed; what was found before stands. */
  failed(problem: string): void {
    this.#changed(problem);
  }

  #changed(problem: string | undefined): void {
    const { group } = this;
    if (problem !== undefined && this.#problem === undefined)
      this.log.warn({ group, problem }, 'events of a group cannot be compared');
    if (problem === undefined && this.#problem !== undefined)
      this.log.info({ group }, 'events of the group are compared again');
    this.#problem = problem;
  }

  #tell(findings: readonly object[], message: string): void {
    const { group } = this;
    for (const finding of findings.slice(0, MOST_LINES)) this.log.error({ group, ...finding }, message);
    const more = findings.length - MOST_LINES;
    if (more > 0) this.log.error({ group, more }, `${message}: as many more`);
  }
}
