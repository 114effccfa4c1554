import type { ClientBase } from 'pg';
import { createSlot, readSlot, type Slot } from '../store/slot-store.js';
import { CaptureError } from './capture.error.js';
import type { Change } from './ensure-publication.js';

const ALREADY_EXISTS = '42710';

/** Creates the slot unless a good one exists. Throws `CaptureError` when the existing one cannot serve. */
export async function ensureSlot(client: ClientBase, name: string): Promise<Change> {
  const present = await readSlot(client, name);
  if (present) {
    refuseUnfit(name, present);
    return 'unchanged';
  }
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
      `Replication slot ${name} is lost (${slot.lost}), so events after its last confirmed one were not captured: ` +
        'stop the connector, drop the slot, run this again, and compare outboxes with inboxes.',
    );
  }
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
