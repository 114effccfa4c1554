import type { ClientBase } from 'pg';
import { adoptSlot, readCaptureRecord } from '../store/capture-record-store.js';
import { createSlot, readSlot, type Slot } from '../store/slot-store.js';
import { CaptureError } from './capture.error.js';
import type { Change } from './ensure-publication.js';

const ALREADY_EXISTS = '42710';

/**
 * Creates the slot unless a good one exists, and notes that it is the keepers' own. Throws `CaptureError` when the
 * existing one cannot serve, and when one that was noted is gone: a new one would hide that events were not captured.
 */
export async function ensureSlot(client: ClientBase, name: string): Promise<Change> {
  const noted = await readCaptureRecord(client, name);
  const present = await readSlot(client, name);
  if (present) refuseUnfit(name, present);
  if (noted && !present) {
    throw new CaptureError(
      `Replication slot ${name} is gone, so events after its last confirmed one were not captured: run keeper recover.`,
    );
  }
  const change = present ? 'unchanged' : await create(client, name);
  if (!noted) await adoptSlot(client, name, 'trusted');
  return change;
}

async function create(client: ClientBase, name: string): Promise<Change> {
  try {
    await createSlot(client, name);
    return 'created';
  } catch (error) {
    // slots are the server's, not the database's: the keepers' lock does not cover another database
    if (!hasCode(error, ALREADY_EXISTS)) throw error;
    const winner = await readSlot(client, name);
    if (winner) refuseUnfit(name, winner);
    return 'unchanged';
  }
}

/** Throws `CaptureError` when a slot of that name cannot serve. */
function refuseUnfit(name: string, slot: Slot): void {
  if (!slot.here) {
    throw new CaptureError(
      `Replication slot ${name} belongs to another database of this server: give CAPTURE_SLOT another name.`,
    );
  }
  if (slot.plugin !== 'pgoutput') {
    throw new CaptureError(
      `Replication slot ${name} decodes with ${slot.plugin} and not with pgoutput: give CAPTURE_SLOT another name.`,
    );
  }
  if (slot.lost !== null) {
    throw new CaptureError(
      `Replication slot ${name} is lost (${slot.lost}), so events after its last confirmed one were not captured: run keeper recover.`,
    );
  }
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
