/** An instant (milliseconds since the epoch) and where the partition ended then: records from there on are not older. */
export interface AppendMark {
  readonly at: number;
  readonly end: bigint;
}

/** Marks kept at most: two hours of looks that find new records, and coarser from there. */
export const MOST_MARKS = 1_440;

/** Gap between the two marks around a record, as a part of its age, that is good enough. */
const FINE = 0.05;

/**
 * What is known of when the records of one partition were appended. Every look adds where the partition ends, so the age
 * of a record that came since costs no request: it lies between two looks. What came before the first look is found by
 * asking the brokers for the first offset since an instant, which is a mark as well.
 */
export class AppendTimes {
  #marks: AppendMark[] = [];

  constructor(private readonly most = MOST_MARKS) {}

  /** How many marks are kept. */
  get size(): number {
    return this.#marks.length;
  }

  /** Adds a mark. Timestamps need not be in order: one that contradicts its neighbours is bent to fit between them. */
  note({ at, end }: AppendMark): void {
    const index = this.#marks.findLastIndex((mark) => mark.at <= at) + 1;
    const least = this.#marks[index - 1]?.end ?? end;
    const most = this.#marks[index]?.end ?? end;
    // a partition that ends earlier than before is another one of that name
    if (index === this.#marks.length && end < least) this.#marks = [{ at, end }];
    else this.#marks.splice(index, 0, { at, end: end > most ? most : end < least ? least : end });
    // of marks at the same end the first and the last tell all
    this.#marks = this.#marks.filter(
      (mark, place, all) => mark.end !== all[place - 1]?.end || mark.end !== all[place + 1]?.end,
    );
    if (this.#marks.length > this.most) this.#thin();
  }

  /** Forgets what tells only of records before that offset. */
  forgetBefore(offset: bigint): void {
    const first = this.#marks.findLastIndex(({ end }) => end <= offset);
    if (first > 0) this.#marks.splice(0, first);
  }

  /** Age in milliseconds of the record at that offset, between the two marks around it; `oldestMs` when none is before it. */
  ageAt(offset: bigint, now: number, oldestMs: number): number {
    const { after, before } = this.#around(offset);
    if (!before) return 0;
    if (!after) return now - Math.min(before.at, now - oldestMs);
    const place = (Number(offset - after.end) + 0.5) / Number(before.end - after.end);
    return Math.max(0, now - (after.at + place * (before.at - after.at)));
  }

  /** The instant to ask the brokers about to know that age better; undefined when it is known to a look or to 5 %. */
  unsureOf(offset: bigint, now: number, oldestMs: number, lookMs: number): number | undefined {
    const { after, before } = this.#around(offset);
    if (!before) return undefined;
    const old = now - (after?.at ?? Math.min(before.at, now - oldestMs));
    const young = Math.max(now - before.at, lookMs);
    if (old - young <= Math.max(lookMs, FINE * old)) return undefined;
    return now - Math.sqrt(old * young);
  }

  #around(offset: bigint): { readonly after?: AppendMark; readonly before?: AppendMark } {
    const next = this.#marks.findIndex(({ end }) => end > offset);
    const [after, before] = next < 0 ? [this.#marks.at(-1)] : [this.#marks[next - 1], this.#marks[next]];
    return { ...(after ? { after } : {}), ...(before ? { before } : {}) };
  }

  #thin(): void {
    const half = this.#marks.length >> 1;
    this.#marks = this.#marks.filter((_, index) => index >= half || index % 2 === 0);
  }
}
