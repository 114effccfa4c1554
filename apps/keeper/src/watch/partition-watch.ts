import { consumerStatus, type ConsumerStatus, type Sample } from './consumer-status.js';

/** What the watch asks of its windows; times in milliseconds. */
export interface WatchTimes {
  /** Time from the begin of a look to the begin of the next. */
  readonly lookMs: number;
  /** Time over which a group is judged. */
  readonly windowMs: number;
  /** Age of a first uncommitted record up to which a group counts as having no lag. */
  readonly allowedAgeMs: number;
}

/** Longest gap between two samples of one window, in pauses between looks: over a longer one nothing is known. */
const LONGEST_GAP = 4;

/** The samples of one group on one partition over the window, and how far it ever got. */
export class PartitionWatch {
  #window: Sample[] = [];
  #peak = 0n;

  constructor(
    private readonly times: WatchTimes,
    /** How long records wait on this topic on purpose, in milliseconds. */
    private readonly delayMs: number,
  ) {}

  /** Adds a sample of a partition that ends at `high` and says how the group stands. */
  judge(sample: Sample, high: bigint): ConsumerStatus {
    const { lookMs, windowMs, allowedAgeMs } = this.times;
    const last = this.#window.at(-1);
    if (last && sample.at - last.at > LONGEST_GAP * lookMs) this.#window = [];
    // a partition that ends before what was read of it is another one of that name
    if (high < this.#peak) [this.#window, this.#peak] = [[], 0n];
    this.#window.push(sample);
    if (sample.committed > this.#peak) this.#peak = sample.committed;
    while ((this.#window[1]?.at ?? Infinity) <= sample.at - windowMs) this.#window.shift();
    return consumerStatus(this.#window, this.#peak, {
      windowMs,
      allowedAgeMs: allowedAgeMs + this.delayMs,
    });
  }
}
