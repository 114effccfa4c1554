import type { Claim, TakenOver, Transaction } from '@millrace/messaging';
import { lockFailures, resolveFailures, type LockedFailure } from './failed-events.sql.js';
import { lockInbox, processInbox } from './inbox-rows.sql.js';
import { sentBy } from './replay-ledger.sql.js';
import { standingsOf } from './standings.sql.js';

/**
 * Takes retried and replayed events over from the failures: those whose failure still is as asked are resolved by
 * this transaction's effect, and fresh; of the others it tells how they stand.
 */
export async function takeOverEvents(
  tx: Transaction,
  group: string,
  entries: readonly TakenOver[],
  at: number,
): Promise<Claim[]> {
  if (entries.length === 0) return [];
  const ids = [...new Set(entries.map(({ eventId }) => eventId))];
  const done = await lockInbox(tx, group, ids);
  const failures = await lockFailures(tx, group, ids);
  const sent = await sentBy(tx, group, ids);
  const taken = entries.filter(
    (entry) => !done.has(entry.eventId) && isAsAsked(entry, failures.get(entry.eventId), sent),
  );
  const fresh = new Set(taken.map(({ eventId }) => eventId));
  await processInbox(tx, group, taken, at);
  await resolveFailures(tx, group, [...fresh], at);
  const others = await standingsOf(
    tx,
    group,
    ids.filter((eventId) => !fresh.has(eventId)),
  );
  return ids.map(
    (eventId) => others.get(eventId) ?? { eventId, standing: fresh.has(eventId) ? 'fresh' : 'done' },
  );
}

function isAsAsked(
  { eventId, by }: TakenOver,
  failure: LockedFailure | undefined,
  sent: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  if (!failure) return false;
  if ('attempt' in by) return failure.state === 'retrying' && failure.attempt === by.attempt;
  const armed = failure.state === 'dead' && failure.acked && failure.replay_id === by.replayId;
  return armed && sent.get(by.replayId)?.has(eventId) === true;
}
