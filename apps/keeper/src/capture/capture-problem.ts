import type { ClientBase } from 'pg';
import { countPublished, type TableName } from '../store/publication-store.js';
import { readSlot } from '../store/slot-store.js';
import { PUBLICATION } from './capture-names.js';

/**
 * Says why the connector must not be registered yet, or undefined. It would make a missing slot by itself, at a place
 * of its own choosing, and everything before that place would never be captured.
 */
export async function captureProblem(
  client: ClientBase,
  outboxes: readonly TableName[],
  slot: string,
): Promise<string | undefined> {
  if ((await countPublished(client, PUBLICATION, outboxes)) < outboxes.length) {
    return `publication ${PUBLICATION} does not cover every outbox: run keeper capture`;
  }
  const present = await readSlot(client, slot);
  if (!present) return `replication slot ${slot} does not exist: run keeper capture`;
  return present.lost === null ? undefined : `replication slot ${slot} is lost (${present.lost})`;
}
