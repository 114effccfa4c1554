import { describe, expect, it } from '@jest/globals';
import type { CaptureRecord } from '../store/capture-record-store.js';
import type { Slot } from '../store/slot-store.js';
import { newestPosition } from './connector-offset.js';
import { judgeSlot, type OffsetPosition } from './slot-verdict.js';

const slot: Slot = {
  plugin: 'pgoutput',
  here: true,
  lost: null,
  active: true,
  confirmedLsn: 100n,
  lagBytes: 0,
  retainedBytes: 0,
  safeBytes: null,
};
const record: CaptureRecord = { state: 'trusted', reason: null, provenLsn: 100n, publishedBefore: 0 };
const judge = (evidence: {
  slot?: Slot | undefined;
  record?: CaptureRecord | undefined;
  offset?: OffsetPosition;
}) => judgeSlot({ name: 'm', slot, record, offset: 'unknown', ...evidence });

describe('the verdict on a slot', () => {
  it.each<[string, Parameters<typeof judge>[0], string]>([
    ['stands where it was proven', {}, 'trusted'],
    ['stands behind it', { slot: { ...slot, confirmedLsn: 9n } }, 'trusted'],
    ['moved to where the connector was', { slot: { ...slot, confirmedLsn: 150n }, offset: 150n }, 'trusted'],
    ['moved ahead of the connector', { slot: { ...slot, confirmedLsn: 151n }, offset: 150n }, 'broken'],
    [
      'moved and the connector has no offset',
      { slot: { ...slot, confirmedLsn: 101n }, offset: 'none' },
      'broken',
    ],
    ['moved while Connect is away', { slot: { ...slot, confirmedLsn: 101n } }, 'unproven'],
    ['is missing', { slot: undefined }, 'broken'],
    ['is lost', { slot: { ...slot, lost: 'wal_removed' } }, 'broken'],
    ['belongs to another database', { slot: { ...slot, here: false } }, 'broken'],
    ['decodes for another plugin', { slot: { ...slot, plugin: 'wal2json' } }, 'broken'],
    ['looks well but was halted', { record: { ...record, state: 'halted', reason: 'was gone' } }, 'broken'],
    ['looks well in a recovery', { record: { ...record, state: 'recovering' } }, 'broken'],
    ['was recovered', { record: { ...record, state: 'recovered' } }, 'trusted'],
    ['was never made', { record: undefined }, 'unprepared'],
  ])('that %s: %#', (_what, evidence, kind) => {
    expect(judge(evidence).kind).toBe(kind);
  });

  it('says what to do', () => {
    expect(judge({ slot: undefined }).problem).toBe('replication slot m does not exist: run keeper recover');
    const halted = { ...record, state: 'halted', reason: 'slot m is lost: run keeper recover' } as const;
    expect(judge({ record: halted }).problem).toBe('slot m is lost: run keeper recover');
    expect(judge({ record: undefined }).problem).toBe('replication slot m: run keeper capture');
  });
});

describe('the position of a connector', () => {
  it('is the newest that its offsets name', () => {
    expect(newestPosition([{ lsn_proc: 7, lsn_commit: 5, lsn: 6, txId: 900 }])).toBe(7n);
    expect(newestPosition([])).toBe('none');
    expect(newestPosition([{ txId: 900, lsn: 'x' }])).toBe('none');
  });
});
