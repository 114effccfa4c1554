import type { ClientBase } from 'pg';
import type { CaptureProof } from '../partitions/retire-plan.js';
import { flawOf } from '../slot/slot-verdict.js';
import { readCaptureRecord } from '../store/capture-record-store.js';
import { readSlot } from '../store/slot-store.js';

/** What is certain about capture now: read from the server and from the keepers' note, which outlives a restart. */
export async function captureProof(client: ClientBase, slot: string): Promise<CaptureProof> {
  const record = await readCaptureRecord(client, slot);
  const present = await readSlot(client, slot);
  return {
    trusted: record?.state === 'trusted' && flawOf(slot, present) === undefined,
    publishedBefore: record?.publishedBefore ?? -Infinity,
  };
}
