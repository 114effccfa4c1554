import type {
  BlockedKey,
  Claim,
  EndedBlock,
  HeadWait,
  ParkedRecord,
  ParkedRun,
  Transaction,
} from '@millrace/messaging';
import { resolveFailures } from '../failed-events.sql.js';
import { knownFailure, type FailureRow } from '../failure-row.js';
import { enterInbox, processInbox } from '../inbox-rows.sql.js';
import { countParked, headOf, insertParked, lowestParked, removeParked } from './parked-events.sql.js';
import {
  dropEmptyKeys,
  lockDeadKeys,
  openKeys,
  passOn,
  resetKey,
  setHead,
  tryLockKey,
} from './parked-keys.sql.js';
import { standingsOf } from '../standings.sql.js';

/** Parks records behind their keys, unless they are settled otherwise; tells of every event how it stands then. */
export async function parkRecords(
  tx: Transaction,
  group: string,
  records: readonly ParkedRecord[],
  at: number,
  head?: HeadWait,
): Promise<Claim[]> {
  await openKeys(tx, group, records, at);
  const entered = await enterInbox(tx, group, records);
  const ids = [...new Set(records.map(({ eventId }) => eventId))];
  const firsts = ids.flatMap((id) => records.find(({ eventId }) => eventId === id) ?? []);
  await insertParked(
    tx,
    group,
    firsts.filter(({ eventId }) => entered.has(eventId)),
  );
  const [first] = records;
  if (first && head && entered.has(first.eventId)) await setHead(tx, group, first, head, first.eventId);
  await dropEmptyKeys(tx, group, records);
  const others = await standingsOf(
    tx,
    group,
    ids.filter((eventId) => !entered.has(eventId)),
  );
  return ids.map(
    (eventId) => others.get(eventId) ?? { eventId, standing: entered.has(eventId) ? 'parked' : 'done' },
  );
}

const FAILURE_OF_HEAD = `
  SELECT f.state, f.acked, f.attempt, f.reason, f.error_class, f.error_message,
         f.first_failure_at, f.not_before, f.replay_id,
         e.replay_id AS armed_by, coalesce(r.outside_effects, false) AS outside_effects
    FROM failed_event f
    LEFT JOIN replay_event e ON e.replay_id = f.replay_id AND e.event_id = f.event_id AND e.result = 'sent'
    LEFT JOIN replay r       ON r.replay_id = e.replay_id
   WHERE f.consumer_group = $1 AND f.event_id = $2`;

interface HeadFailureRow extends FailureRow {
  readonly armed_by: string | null;
  readonly outside_effects: boolean;
}

/** Locks a key unless somebody else has, and then, with a fresh snapshot, reads its lowest records. */
export async function lockParkedKey(
  tx: Transaction,
  group: string,
  key: BlockedKey,
  limit: number,
): Promise<ParkedRun | undefined> {
  const row = await tryLockKey(tx, group, key);
  if (!row) return undefined;
  const records = await lowestParked(tx, group, key, limit);
  const run = {
    topic: key.topic,
    partition: row.partition,
    key: key.key,
    state: row.state,
    attempt: row.attempt,
    notBefore: row.not_before.getTime(),
    ...(row.first_failure_at ? { firstFailureAt: row.first_failure_at.getTime() } : {}),
    records,
  };
  const [head] = records;
  if (head) return { ...run, ...(await failureOfHead(tx, group, head.eventId)) };
  await passOn(tx, group, key, 0);
  return run;
}

async function failureOfHead(
  tx: Transaction,
  group: string,
  eventId: string,
): Promise<Pick<ParkedRun, 'failure' | 'replay'>> {
  const [row] = await tx.query<HeadFailureRow>(FAILURE_OF_HEAD, [group, eventId]);
  const failure = row && knownFailure(row);
  if (!failure) return {};
  if (row.armed_by === null) return { failure };
  return { failure, replay: { replayId: row.armed_by, outsideEffects: row.outside_effects } };
}

/** Parked records of a key that this transaction has locked take effect; the next one is the head. */
export async function takeParkedRecords(
  tx: Transaction,
  group: string,
  key: BlockedKey,
  records: readonly ParkedRecord[],
  at: number,
): Promise<{ readonly free: boolean }> {
  const ids = records.map(({ eventId }) => eventId);
  await processInbox(tx, group, records, at);
  await resolveFailures(tx, group, ids, at);
  await removeParked(tx, group, ids);
  return passOn(tx, group, key, at);
}

/** Takes the dead head of a key away, in one topic or in all; its followers are due at once. */
export async function endBlockOf(
  tx: Transaction,
  group: string,
  key: Buffer,
  how: 'release' | 'discard',
  at: number,
  topic?: string,
): Promise<EndedBlock[]> {
  const ended: EndedBlock[] = [];
  for (const dead of await lockDeadKeys(tx, group, key, topic)) {
    const eventId = await headOf(tx, group, dead);
    if (eventId !== undefined) {
      if (how === 'discard') await resolveFailures(tx, group, [eventId], at);
      await removeParked(tx, group, [eventId]);
      const waiting = await countParked(tx, group, dead);
      ended.push({ topic: dead.topic, partition: dead.partition, eventId, waiting });
    }
    // Also without a follower the key waits: only its owner ends it, who keeps it in memory as blocked.
    await resetKey(tx, group, dead, at);
  }
  return ended;
}
