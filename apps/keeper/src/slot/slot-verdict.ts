import type { CaptureRecord } from '../store/capture-record-store.js';
import type { Slot } from '../store/slot-store.js';

/** Newest position that the connector's stored offset names; `none` without an offset, `unknown` when nobody answers. */
export type OffsetPosition = bigint | 'none' | 'unknown';

/** What is known of a slot. */
export interface SlotEvidence {
  readonly name: string;
  readonly slot: Slot | undefined;
  readonly record: CaptureRecord | undefined;
  /** Must be read after the slot: a connector that goes on moves both, the offset first. */
  readonly offset: OffsetPosition;
}

/**
 * Whether the slot may be relied on: `trusted` yes · `unproven` it moved and Connect cannot be asked, so nothing is
 * concluded from its position · `unprepared` the keepers never made it · `broken` rows may be missing from the log.
 */
export interface SlotVerdict {
  readonly kind: 'trusted' | 'unproven' | 'unprepared' | 'broken';
  /** What is wrong and what to do; unset when all is well. */
  readonly problem?: string;
}

const REMEDY = 'run keeper recover';

/**
 * Judges a slot. A slot has no identity that Postgres would tell, and one that was dropped and made anew bears the same
 * name. But the connector moves its slot only to positions that its stored offset has reached before: a slot that stands
 * ahead of both the offset and its last proven position was made or moved by somebody else, and what lies between may
 * never have been sent.
 */
export function judgeSlot(evidence: SlotEvidence): SlotVerdict {
  const { name, slot, record } = evidence;
  if (!record) return { kind: 'unprepared', problem: `replication slot ${name}: run keeper capture` };
  const flaw = flawOf(name, slot);
  if (record.state === 'recovering') return broken(`the recovery of slot ${name} has not ended`);
  if (record.state === 'halted') return broken(record.reason ?? `replication slot ${name} was not well`);
  if (flaw !== undefined || !slot) return broken(flaw ?? '');
  if (slot.confirmedLsn <= record.provenLsn) return { kind: 'trusted' };
  if (evidence.offset === 'unknown') {
    return { kind: 'unproven', problem: 'Kafka Connect does not tell the offset of the connector' };
  }
  if (evidence.offset !== 'none' && slot.confirmedLsn <= evidence.offset) return { kind: 'trusted' };
  return broken(
    `replication slot ${name} stands ahead of what the connector has sent: it was made or moved by hand`,
  );
}

/** What is wrong with the slot itself, or undefined. */
export function flawOf(name: string, slot: Slot | undefined): string | undefined {
  if (!slot) return `replication slot ${name} does not exist`;
  if (slot.lost !== null) return `replication slot ${name} is lost (${slot.lost})`;
  if (!slot.here) return `replication slot ${name} belongs to another database`;
  if (slot.plugin !== 'pgoutput')
    return `replication slot ${name} decodes with ${slot.plugin}, not with pgoutput`;
  return undefined;
}

function broken(problem: string): SlotVerdict {
  return { kind: 'broken', problem: problem.includes(REMEDY) ? problem : `${problem}: ${REMEDY}` };
}
