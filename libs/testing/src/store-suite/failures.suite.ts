import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { AT, placeOf, TOPIC, type StoreBench } from './bench/store-bench.js';

/** What every store's records of failures do. */
export function describeFailures(bench: () => StoreBench): void {
  describeRecords(bench);
  describeAcknowledgements(bench);
  describeLateAcknowledgements(bench);
  describeRaces(bench);
}

function describeRecords(bench: () => StoreBench): void {
  describe('a failure', () => {
    it('is recorded anew until it is acknowledged as dead', async () => {
      const id = randomUUID();
      const { store, group } = bench();
      expect(await store.recordFailure(bench().failure(id, { attempt: 1 }), AT)).toBe('recorded');
      expect(await store.recordFailure(bench().failure(id), AT)).toBe('recorded');
      expect(await store.statesOf(group, [id])).toEqual([
        { eventId: id, state: 'dying', attempts: 3, reason: 'EXHAUSTED' },
      ]);
      await store.acknowledgeFailure({ group, eventId: id, attempt: 3 }, AT);
      expect(await bench().stateOf(id)).toBe('dead');
      expect(await store.recordFailure(bench().failure(id, { attempt: 9 }), AT)).toBe('already-dead');
      expect((await store.statesOf(group, [id]))[0]).toMatchObject({ state: 'dead', attempts: 3 });
    });

    it('does not arise from an event that took effect', async () => {
      const id = randomUUID();
      await bench().claim([id]);
      expect(await bench().store.recordFailure(bench().failure(id), AT)).toBe('already-done');
      expect(await bench().stateOf(id)).toBe('done');
    });

    it('keeps its event from being fresh', async () => {
      const id = randomUUID();
      await bench().kill(id);
      expect(await bench().claim([id])).toMatchObject([{ standing: 'failed' }]);
      expect(await bench().stateOf(id)).toBe('dead');
    });

    it('is another one in another group', async () => {
      const id = randomUUID();
      const group = `${bench().group}-other`;
      await bench().store.recordFailure(bench().failure(id, { group }), AT);
      expect(await bench().claim([id])).toEqual([{ eventId: id, standing: 'fresh' }]);
      expect(await bench().store.recordFailure(bench().failure(id), AT)).toBe('already-done');
    });
  });
}

function describeAcknowledgements(bench: () => StoreBench): void {
  describe('an acknowledgement', () => {
    it('changes nothing when it speaks of another attempt', async () => {
      const id = randomUUID();
      const { store, group } = bench();
      await store.recordFailure(bench().failure(id), AT);
      await store.acknowledgeFailure({ group, eventId: id, attempt: 2 }, AT);
      expect(await bench().claim([id])).toMatchObject([{ failure: { state: 'dying', acknowledged: false } }]);
    });

    it('keeps a retrying event retrying', async () => {
      const id = randomUUID();
      await bench().delay(id, 1);
      expect(await bench().claim([id])).toMatchObject([
        { failure: { state: 'retrying', acknowledged: true } },
      ]);
    });
  });
}

function describeLateAcknowledgements(bench: () => StoreBench): void {
  describe('a late acknowledgement', () => {
    it('changes nothing once the event is dead, also when a replay has armed it again', async () => {
      const [head] = await bench().parkRun('k', 2);
      const [{ store, group }, replayId] = [bench(), randomUUID()];
      const request = { by: 'operator', why: 'mended', filter: '{}', outsideEffects: false };
      await store.startReplay({ replayId, group, topic: TOPIC, ...request }, AT);
      await bench().killHead(head);
      await store.arm(group, head.eventId, replayId, AT);
      const place = { ...placeOf(head), offset: head.record.offset, stays: false };
      await store.acknowledgeFailure({ group, eventId: head.eventId, attempt: 4, head: place }, AT);
      expect(await store.replayCounts(group, replayId)).toMatchObject({ sent: 1 });
      expect(await bench().peek(placeOf(head))).toMatchObject({ records: [{ eventId: head.eventId }, {}] });
    });

    it('speaks of what was recorded last', async () => {
      const id = randomUUID();
      await bench().delay(id, 1);
      await bench().store.recordFailure(bench().failure(id), AT);
      expect(await bench().claim([id])).toMatchObject([{ failure: { state: 'dying', acknowledged: false } }]);
    });

    it('changes nothing once the event took effect', async () => {
      const id = randomUUID();
      const { store, group } = bench();
      await bench().delay(id, 1);
      await bench().takeOver(id, { attempt: 1 });
      await store.acknowledgeFailure({ group, eventId: id, attempt: 1 }, AT);
      expect(await bench().takeOver(id, { attempt: 1 })).toEqual([{ eventId: id, standing: 'done' }]);
    });
  });
}

function describeRaces(bench: () => StoreBench): void {
  describe('a failure of an event whose effect is open', () => {
    it.each([
      ['commits', 'already-done', 'done'],
      ['rolls back', 'recorded', 'dying'],
    ] as const)('waits: when the effect %s, it is %s', async (how, recorded, state) => {
      const id = randomUUID();
      const effect = await bench().hold((tx) => bench().claimIn(tx, [id]));
      const failing = bench().store.recordFailure(bench().failure(id), AT);
      await bench().expectWaiting(failing);
      await (how === 'commits' ? effect.commit() : effect.rollBack());
      expect(await failing).toBe(recorded);
      expect(await bench().stateOf(id)).toBe(state);
    });

    it('waits for the effect of a retry too', async () => {
      const id = randomUUID();
      await bench().delay(id, 1);
      const effect = await bench().hold((tx) => bench().takeOverIn(tx, id, { attempt: 1 }));
      const failing = bench().store.recordFailure(bench().failure(id), AT);
      await bench().expectWaiting(failing);
      await effect.commit();
      expect(await failing).toBe('already-done');
    });

    it('leaves one outcome when many owners claim and record at once', async () => {
      const ids = Array.from({ length: 20 }, () => randomUUID());
      const outcomes = await Promise.all(
        ids.map((id) =>
          Promise.all([bench().claim([id]), bench().store.recordFailure(bench().failure(id), AT)]),
        ),
      );
      for (const [[claim], recorded] of outcomes) {
        expect([claim?.standing, recorded]).toEqual(
          recorded === 'recorded' ? ['failed', 'recorded'] : ['fresh', 'already-done'],
        );
      }
    });
  });
}
