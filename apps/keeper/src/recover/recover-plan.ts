import type { SlotEvidence } from '../slot/slot-verdict.js';
import { flawOf, judgeSlot } from '../slot/slot-verdict.js';

/**
 * What a recovery has to do: `refuse` nothing is wrong or nothing can be done · `resume` all is produced, only the
 * connector still rests · `rebuild` a new slot and every row that may be missing.
 */
export type RecoverPlan =
  | { readonly kind: 'refuse'; readonly because: string }
  | { readonly kind: 'resume' }
  | { readonly kind: 'rebuild'; readonly because: string; readonly sinceMs: number };

/**
 * Rows are produced again from so far before the instant up to which all is proven to be published, in milliseconds. The
 * proof needs no such margin; it forgives clocks that were set back. Inboxes absorb what is sent twice.
 */
export const OVERLAP_MS = 60_000;

/** Decides what a recovery does. A recovery that was killed is begun anew: every step of it may be repeated. */
export function recoverPlan(evidence: SlotEvidence, force: boolean): RecoverPlan {
  const { name, slot, record } = evidence;
  if (!record) {
    return { kind: 'refuse', because: `The keeper never made slot ${name}: run keeper capture instead.` };
  }
  if (slot && !slot.here) {
    return {
      kind: 'refuse',
      because: `Replication slot ${name} belongs to another database of this server: give CAPTURE_SLOT another name.`,
    };
  }
  const sinceMs = record.publishedBefore - OVERLAP_MS;
  if (force) return { kind: 'rebuild', because: 'it was forced', sinceMs };
  const verdict = judgeSlot(evidence);
  if (verdict.kind === 'broken') return { kind: 'rebuild', because: verdict.problem ?? '', sinceMs };
  if (record.state === 'recovered' && flawOf(name, slot) === undefined) return { kind: 'resume' };
  if (verdict.kind === 'trusted') {
    return {
      kind: 'refuse',
      because: `Replication slot ${name} is there and well, so nothing is missing. Give --force to make a new one all the same.`,
    };
  }
  return { kind: 'refuse', because: `${verdict.problem}. Start it, or give --force.` };
}
