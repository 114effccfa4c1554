import { deadLetterTopic, EventHeader } from '@millrace/contracts';
import type { ReferenceEvent } from './reference-event.js';
import type { ReferenceGroup } from './reference-group.js';

/** What became of the events of a group, by ids; at most 20 of each kind. */
export interface GroupOutcome {
  /** Events with neither an effect nor an unresolved death. */
  readonly lost: readonly string[];
  /** Events that took effect more than once. */
  readonly twice: readonly string[];
  /** Events that took effect and count as dead as well. */
  readonly contradictory: readonly string[];
  /** Effects of events that nobody produced. */
  readonly unfounded: readonly string[];
  /** Events that still are on their way: retrying, dying, not acknowledged, or parked. */
  readonly unsettled: readonly string[];
  /** Keys that are still blocked. */
  readonly blockedKeys: number;
}

/** The outcome that a group comes to when all is well and nothing waits. */
export const SETTLED: GroupOutcome = {
  lost: [],
  twice: [],
  contradictory: [],
  unfounded: [],
  unsettled: [],
  blockedKeys: 0,
};

const UNRESOLVED_DEATHS = `SELECT event_id FROM failed_event WHERE state = 'dead' AND acked`;

/** Compares what was produced with effects, deaths and what waits. */
export async function outcomeOf(
  group: ReferenceGroup,
  events: readonly ReferenceEvent[],
): Promise<GroupOutcome> {
  const produced = events.map(({ id }) => id);
  const ids = async (sql: string, ...parameters: unknown[]): Promise<string[]> => {
    const rows = await group.rows<{ id: string }>(`${sql} ORDER BY 1 LIMIT 20`, parameters);
    return rows.map(({ id }) => id);
  };
  const [blocked] = await group.rows<{ n: number }>('SELECT count(*)::int AS n FROM parked_key');
  return {
    lost: await ids(
      `SELECT id FROM unnest($1::uuid[]) AS produced (id)
        WHERE NOT EXISTS (SELECT FROM effect WHERE event_id = id) AND id NOT IN (${UNRESOLVED_DEATHS})`,
      produced,
    ),
    twice: await ids('SELECT event_id AS id FROM effect GROUP BY event_id HAVING count(*) > 1'),
    contradictory: await ids(
      `SELECT event_id AS id FROM failed_event WHERE state <> 'resolved' AND event_id IN (SELECT event_id FROM effect)`,
    ),
    unfounded: await ids('SELECT event_id AS id FROM effect WHERE event_id <> ALL ($1::uuid[])', produced),
    unsettled: await ids(
      `SELECT event_id AS id FROM failed_event WHERE state IN ('retrying', 'dying') OR (state = 'dead' AND NOT acked)
        UNION SELECT event_id FROM parked_event`,
    ),
    blockedKeys: blocked?.n ?? 0,
  };
}

/** Ids of the events that are dead and not resolved, sorted. */
export async function deadEvents(group: ReferenceGroup): Promise<string[]> {
  const rows = await group.rows<{ event_id: string }>(`${UNRESOLVED_DEATHS} ORDER BY 1`);
  return rows.map(({ event_id }) => event_id);
}

/** Ids of the events that have a dead letter, sorted, each once. */
export async function deadLetters(group: ReferenceGroup): Promise<string[]> {
  const letters = await group.records(deadLetterTopic(group.settings.group, group.settings.topic));
  return [...new Set(letters.map(({ headers }) => String(headers[EventHeader.id])))].toSorted();
}

/** Keys whose events did not take effect in log order, each with the places in the order of the effects. */
export async function disorder(group: ReferenceGroup): Promise<Readonly<Record<string, readonly number[]>>> {
  const byKey = Map.groupBy(await group.effects(), ({ key }) => key);
  const wrong = [...byKey]
    .map(([key, effects]) => [key, effects.map(({ seq }) => seq)] as const)
    .filter(([, places]) => places.some((seq, index) => index > 0 && seq <= (places[index - 1] ?? -1)));
  return Object.fromEntries(wrong);
}
