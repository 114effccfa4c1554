import type { Armed, ReplayCounts, ReplayResult, ReplayStarted, Transaction } from '@millrace/messaging';
import { lockFailures } from './failed-events.sql.js';
import { isHead } from './parking/parked-events.sql.js';
import { lockKey, resetKey } from './parking/parked-keys.sql.js';

const START = `
  INSERT INTO replay (replay_id, consumer_group, topic, requested_by, why, filter, outside_effects, state, started_at)
  VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, 'running', to_timestamp($8::double precision / 1000))`;

/** Opens the ledger of a replay. */
export async function startReplay(tx: Transaction, replay: ReplayStarted, at: number): Promise<void> {
  const { replayId, group, topic, by, why, filter, outsideEffects } = replay;
  await tx.query(START, [replayId, group, topic, by, why, filter, outsideEffects, at]);
}

const FINISH = `
  UPDATE replay SET state = $3, finished_at = to_timestamp($4::double precision / 1000)
   WHERE consumer_group = $1 AND replay_id = $2 AND state = 'running'`;

/** Closes the ledger of a running replay. */
export async function finishReplay(
  tx: Transaction,
  group: string,
  replayId: string,
  end: 'completed' | 'stopped' | 'aborted',
  at: number,
): Promise<void> {
  await tx.query(FINISH, [group, replayId, end, at]);
}

const COUNTS = `
  SELECT result, count(*)::integer AS events
    FROM replay_event
   WHERE consumer_group = $1 AND replay_id = $2
   GROUP BY result`;

/** How the events of a replay stand. */
export async function replayCounts(tx: Transaction, group: string, replayId: string): Promise<ReplayCounts> {
  const rows = await tx.query<{ result: ReplayResult; events: number }>(COUNTS, [group, replayId]);
  const counted = new Map(rows.map(({ result, events }) => [result, events]));
  return {
    sent: counted.get('sent') ?? 0,
    done: counted.get('done') ?? 0,
    failed: counted.get('failed') ?? 0,
  };
}

const SENT = `
  SELECT replay_id, event_id
    FROM replay_event
   WHERE consumer_group = $1 AND event_id = ANY ($2::uuid[]) AND result = 'sent'`;

/** The events that a replay has sent and that have no result yet, by replay. */
export async function sentBy(
  tx: Transaction,
  group: string,
  eventIds: readonly string[],
): Promise<Map<string, Set<string>>> {
  const rows = await tx.query<{ replay_id: string; event_id: string }>(SENT, [group, eventIds]);
  const byReplay = Map.groupBy(rows, (row) => row.replay_id);
  return new Map(
    [...byReplay].map(([replay, events]) => [replay, new Set(events.map((row) => row.event_id))]),
  );
}

const FAIL = `
  UPDATE replay_event SET result = 'failed', at = to_timestamp($3::double precision / 1000)
   WHERE consumer_group = $1 AND event_id = $2 AND result = 'sent'`;

/** An event is dead again: every replay that sent it hears of it. */
export async function failSent(tx: Transaction, group: string, eventId: string, at: number): Promise<void> {
  await tx.query(FAIL, [group, eventId, at]);
}

const PARKED_AT = `SELECT topic, key FROM parked_event WHERE consumer_group = $1 AND event_id = $2`;

const SEND = `
  INSERT INTO replay_event AS r (consumer_group, replay_id, event_id, result, at)
  VALUES ($1, $2, $3, 'sent', to_timestamp($4::double precision / 1000))
      ON CONFLICT (replay_id, event_id) DO UPDATE SET at = r.at
  RETURNING result`;

const ARM = `
  UPDATE failed_event SET replay_id = $3, updated_at = to_timestamp($4::double precision / 1000)
   WHERE consumer_group = $1 AND event_id = $2`;

/**
 * Gives a dead event to a replay. A replay that has seen it die again has had its chance: another one may try. A
 * parked event is driven in place, a dead head from now on.
 */
export async function armEvent(
  tx: Transaction,
  group: string,
  eventId: string,
  replayId: string,
  at: number,
): Promise<Armed> {
  const [place] = await tx.query<{ topic: string; key: Buffer }>(PARKED_AT, [group, eventId]);
  const key = place && (await lockKey(tx, group, place));
  const known = (await lockFailures(tx, group, [eventId])).get(eventId);
  if (known?.state !== 'dead' || !known.acked) return 'not-dead';
  const [row] = await tx.query<{ result: ReplayResult }>(SEND, [group, replayId, eventId, at]);
  if (row?.result !== 'sent') return 'not-dead';
  await tx.query(ARM, [group, eventId, replayId, at]);
  if (!place || !key) return 'armed';
  if (key.state === 'dead' && (await isHead(tx, group, { ...place, partition: key.partition }, eventId))) {
    await resetKey(tx, group, place, at);
  }
  // Released or discarded while this waited for the key, it is parked no more.
  return (await tx.query(PARKED_AT, [group, eventId])).length > 0 ? 'rearmed' : 'armed';
}
