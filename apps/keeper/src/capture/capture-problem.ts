import type { ClientBase } from 'pg';
import { countPublished, type TableName } from '../store/publication-store.js';
import { flawOf } from '../slot/slot-verdict.js';
import { readCaptureRecord } from '../store/capture-record-store.js';
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
  const record = await readCaptureRecord(client, slot);
  if (!record) return `replication slot ${slot} was not made by the keeper: run keeper capture`;
  const flaw = flawOf(slot, await readSlot(client, slot));
  if (flaw !== undefined) return `${flaw}: run keeper recover`;
  if (record.state === 'halted' || record.state === 'recovering') {
    return `capture through slot ${slot} is halted: run keeper recover`;
  }
  return undefined;
}
