import { isoDate, partitionName, utcDayOf, type UtcDay } from './day-bounds.js';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** How long the rows of a day are kept after it has ended, in days. */
export interface Retention {
  readonly outboxDays: number;
  readonly inboxDays: number;
}

/** What is certain about capture when partitions are to be dropped. */
export interface CaptureProof {
  /** Whether the slot is there and the keepers' own, now. */
  readonly trusted: boolean;
  /** Every outbox row with an earlier `occurred_at` is on the log; milliseconds since the epoch. */
  readonly publishedBefore: number;
}

/** One table's partitions as of an instant. */
export interface RetireQuestion {
  readonly table: 'outbox' | 'inbox';
  /** Names of its partitions, attached or left over from a drop that was interrupted. */
  readonly partitions: readonly string[];
  readonly now: number;
  readonly retention: Retention;
  readonly proof: CaptureProof;
}

/** A partition whose time has come. */
export interface Retirement {
  readonly name: string;
  readonly day: UtcDay;
  /** Why it may be dropped, or why not. */
  readonly reason: string;
  /** Whether it has been kept for more than a day beyond its time. */
  readonly overdue: boolean;
}

/** Which partitions are to be dropped and which must wait, oldest first. */
export interface RetirePlan {
  readonly drop: readonly Retirement[];
  readonly wait: readonly Retirement[];
}

/**
 * Decides which partitions go. An inbox forgets by age alone. An outbox partition must also be published to its last
 * possible row: its day has to end at or before the instant up to which everything is proven to be on the log, which
 * stands still behind a transaction that is open, a slot that rests and a slot that is lost.
 */
export function retirePlan(question: RetireQuestion): RetirePlan {
  const { table, now, retention, proof } = question;
  const days = table === 'outbox' ? retention.outboxDays : retention.inboxDays;
  const drop: Retirement[] = [];
  const wait: Retirement[] = [];
  for (const [name, day] of datedPartitions(table, question.partitions)) {
    const endsAt = (day + 1) * DAY_MS;
    if (endsAt + days * DAY_MS > now) continue;
    const overdue = endsAt + (days + 1) * DAY_MS <= now;
    const obstacle = table === 'outbox' ? obstacleOf(endsAt, proof) : undefined;
    const reason = obstacle ?? `${isoDate(day)} ended more than ${days} days ago`;
    (obstacle === undefined ? drop : wait).push({ name, day, reason, overdue });
  }
  return { drop, wait };
}

function obstacleOf(endsAt: number, proof: CaptureProof): string | undefined {
  if (!proof.trusted) return 'the slot is not well, so its rows may be needed for a recovery';
  if (proof.publishedBefore >= endsAt) return undefined;
  return 'the slot has not confirmed every row that it can hold';
}

/** Day partitions among the names, oldest first; a name that is not exactly the one of a day is nobody's to drop. */
function datedPartitions(table: string, names: readonly string[]): readonly [name: string, day: UtcDay][] {
  return names
    .flatMap((name): [string, UtcDay][] => {
      const [, year, month, date] = /_p(\d{4})(\d{2})(\d{2})$/.exec(name) ?? [];
      const instant = Date.parse(`${year}-${month}-${date}T00:00:00Z`);
      if (Number.isNaN(instant)) return [];
      const day = utcDayOf(instant);
      return partitionName(table, day) === name ? [[name, day]] : [];
    })
    .sort(([, one], [, other]) => one - other);
}
