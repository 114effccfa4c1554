import { describe, expect, it } from '@jest/globals';
import type { CaptureRecord } from '../store/capture-record-store.js';
import type { SlotEvidence } from '../slot/slot-verdict.js';
import { OVERLAP_MS, recoverPlan } from './recover-plan.js';

const slot = {
  plugin: 'pgoutput',
  here: true,
  lost: null,
  active: false,
  confirmedLsn: 5n,
  lagBytes: 0,
  retainedBytes: 0,
  safeBytes: null,
};
const record: CaptureRecord = { state: 'trusted', reason: null, provenLsn: 5n, publishedBefore: 1_000_000 };
const well: SlotEvidence = { name: 'm', slot, record, offset: 5n };
const since = { kind: 'rebuild', sinceMs: 1_000_000 - OVERLAP_MS };

describe('the plan of a recovery', () => {
  it.each<[string, Partial<SlotEvidence>]>([
    ['is gone', { slot: undefined }],
    ['is lost', { slot: { ...slot, lost: 'wal_removed' } }],
    ['was made by somebody else', { slot: { ...slot, confirmedLsn: 6n } }],
    ['was halted', { record: { ...record, state: 'halted' } }],
    ['stands in a recovery that was killed', { record: { ...record, state: 'recovering' } }],
  ])('when the slot %s is to produce all since the published mark, with an overlap', (_what, evidence) => {
    expect(recoverPlan({ ...well, ...evidence }, false)).toMatchObject(since);
  });

  it('begins with the first row that is retained when nothing was ever proven', () => {
    const never = { ...record, publishedBefore: -Infinity };
    expect(recoverPlan({ ...well, slot: undefined, record: never }, false)).toMatchObject({
      sinceMs: -Infinity,
    });
  });

  it('refuses when the slot is there and well, unless it is forced', () => {
    expect(recoverPlan(well, false)).toMatchObject({
      kind: 'refuse',
      because: expect.stringContaining('there and well'),
    });
    expect(recoverPlan(well, true)).toMatchObject(since);
  });

  it('only lets the connector go when a recovery died after it had produced everything', () => {
    expect(recoverPlan({ ...well, record: { ...record, state: 'recovered' } }, false)).toEqual({
      kind: 'resume',
    });
  });

  it('begins anew when the slot was lost again before the connector ran', () => {
    const evidence = { ...well, slot: undefined, record: { ...record, state: 'recovered' } as const };
    expect(recoverPlan(evidence, false)).toMatchObject(since);
  });

  it('concludes nothing from a slot that cannot be proven, and touches no slot of another database', () => {
    const moved = { ...well, slot: { ...slot, confirmedLsn: 6n }, offset: 'unknown' } as const;
    expect(recoverPlan(moved, false)).toMatchObject({ kind: 'refuse' });
    expect(recoverPlan({ ...well, slot: { ...slot, here: false } }, true)).toMatchObject({ kind: 'refuse' });
    expect(recoverPlan({ ...well, record: undefined }, true)).toMatchObject({
      because: expect.stringContaining('keeper capture'),
    });
  });
});
