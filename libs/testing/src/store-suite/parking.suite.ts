import { describe, expect, it } from '@jest/globals';
import { AT, parkedRecord, placeOf, TOPIC, type StoreBench } from './bench/store-bench.js';

/** What every store's parking does. */
export function describeParking(bench: () => StoreBench): void {
  describeBlocking(bench);
  describePlaces(bench);
  describeSettled(bench);
  describeUnsettled(bench);
  describeRoundTrip(bench);
  describeDue(bench);
}

function describeBlocking(bench: () => StoreBench): void {
  describe('parking', () => {
    it('blocks the key behind its head', async () => {
      const [head, follower] = await bench().parkRun('k', 2);
      expect(await bench().blocked()).toEqual([placeOf(head)]);
      expect(await bench().peek(placeOf(head))).toMatchObject({
        state: 'waiting',
        attempt: 1,
        firstFailureAt: AT - 1_000,
        records: [{ eventId: head.eventId }, { eventId: follower.eventId }],
      });
      expect(await bench().store.statesOf(bench().group, [head.eventId, follower.eventId])).toEqual([
        { eventId: head.eventId, state: 'parked', attempts: 1 },
        { eventId: follower.eventId, state: 'parked', attempts: 0 },
      ]);
    });

    it('does not touch the head of a key that is blocked', async () => {
      const [head] = await bench().parkRun('k', 1);
      const later = parkedRecord('k', 99n);
      expect(await bench().store.park(bench().group, [later], AT + 500)).toEqual([
        { eventId: later.eventId, standing: 'parked' },
      ]);
      const run = await bench().peek(placeOf(head));
      expect(run).toMatchObject({ attempt: 1, firstFailureAt: AT - 1_000 });
      expect(run?.records.map(({ record }) => record.offset)).toEqual([10n, 99n]);
    });
  });
}

function describePlaces(bench: () => StoreBench): void {
  describe('the place of a parked record', () => {
    it('makes a record the head only when it is the lowest', async () => {
      const [head] = await bench().parkRun('k', 1);
      const wait = { attempt: 7, notBefore: AT + 9_000, firstFailureAt: AT };
      await bench().store.park(bench().group, [parkedRecord('k', 99n)], AT, wait);
      expect(await bench().peek(placeOf(head))).toMatchObject({ attempt: 1 });
      await bench().store.park(bench().group, [parkedRecord('k', 9n)], AT, wait);
      expect(await bench().peek(placeOf(head))).toMatchObject({ attempt: 7, firstFailureAt: AT });
    });

    it('keeps groups, topics and keys apart', async () => {
      const [head] = await bench().parkRun('k', 1);
      const topic = 'order.confirmed';
      await bench().store.park(bench().group, [parkedRecord('k', 5n, { topic })], AT);
      await bench().store.park(bench().group, [parkedRecord('other', 6n)], AT);
      await bench().store.park(`${bench().group}-2`, [parkedRecord('k', 7n)], AT);
      const run = await bench().peek(placeOf(head));
      expect(run?.records.map(({ eventId }) => eventId)).toEqual([head.eventId]);
      expect(await bench().blocked()).toHaveLength(2);
      expect(await bench().store.blockedKeys(bench().group, topic, 2)).toHaveLength(1);
      expect(await bench().store.blockedKeys(bench().group, TOPIC, 3)).toEqual([]);
    });
  });
}

function describeSettled(bench: () => StoreBench): void {
  describe('parking of settled events', () => {
    it('tells how they stand and blocks no key for them', async () => {
      const [done, dead, parked] = [parkedRecord('a', 1n), parkedRecord('b', 2n), parkedRecord('c', 3n)];
      await bench().claim([done.eventId]);
      await bench().kill(dead.eventId);
      await bench().store.park(bench().group, [parked], AT);
      const claims = await bench().store.park(bench().group, [done, dead, parked], AT);
      expect(claims.map(({ standing }) => standing)).toEqual(['done', 'failed', 'parked']);
      expect(await bench().blocked()).toEqual([placeOf(parked)]);
      expect((await bench().peek(placeOf(parked)))?.records).toHaveLength(1);
    });

    it('makes the next record the head when the failing one took effect meanwhile', async () => {
      const [done, next] = [parkedRecord('k', 1n), parkedRecord('k', 2n)];
      await bench().claim([done.eventId]);
      const wait = { attempt: 3, notBefore: AT + 9_000, firstFailureAt: AT };
      await bench().store.park(bench().group, [done, next], AT, wait);
      const run = await bench().peek(placeOf(next));
      expect(run).toMatchObject({ attempt: 0, records: [{ eventId: next.eventId }] });
      expect(run).not.toHaveProperty('firstFailureAt');
      expect(await bench().due(AT)).toEqual([placeOf(next)]);
    });
  });
}

function describeUnsettled(bench: () => StoreBench): void {
  describe('parking of an event that is not settled yet', () => {
    it('leaves a head as it waits that is redelivered and fails once more', async () => {
      const [head] = await bench().parkRun('k', 1);
      const wait = { attempt: 3, notBefore: AT + 60_000, firstFailureAt: AT - 1_000 };
      await bench().store.postponeHead(bench().group, placeOf(head), wait);
      const again = { ...wait, attempt: 1, notBefore: AT };
      expect(await bench().store.park(bench().group, [head], AT, again)).toMatchObject([
        { standing: 'parked' },
      ]);
      expect(await bench().peek(placeOf(head))).toMatchObject({ attempt: 3 });
      expect(await bench().due(AT)).toEqual([]);
    });

    it('parks an event of two records once, at the first', async () => {
      const first = parkedRecord('k', 1n);
      const again = { ...parkedRecord('k', 2n), eventId: first.eventId };
      const claims = await bench().store.park(bench().group, [first, again], AT);
      expect(claims).toEqual([{ eventId: first.eventId, standing: 'parked' }]);
      const run = await bench().peek(placeOf(first));
      expect(run?.records.map(({ record }) => record.offset)).toEqual([1n]);
    });

    it('waits for an open effect of the event', async () => {
      const record = parkedRecord('k', 1n);
      const effect = await bench().hold((tx) => bench().claimIn(tx, [record.eventId]));
      const parking = bench().store.park(bench().group, [record], AT);
      await bench().expectWaiting(parking);
      await effect.commit();
      expect(await parking).toEqual([{ eventId: record.eventId, standing: 'done' }]);
      expect(await bench().blocked()).toEqual([]);
    });
  });
}

function describeRoundTrip(bench: () => StoreBench): void {
  describe('a parked record', () => {
    it.each([
      ['binary keys and NUL bytes', { key: Buffer.from([0, 255, 0, 92, 34]), value: Buffer.from('a\0b\0') }],
      ['neither key nor payload', { key: null, value: null }],
      ['an empty payload', { value: Buffer.alloc(0) }],
      ['a key longer than an index entry', { key: Buffer.alloc(9_000, 'k') }],
      ['the highest offset', { offset: 2n ** 63n - 1n }],
    ])('comes back as it was fetched, with %s', async (_what, more) => {
      const parked = parkedRecord('k', 1n, more);
      const key = parked.record.key ?? Buffer.from('\0one');
      const record = { ...parked, key };
      await bench().store.park(bench().group, [record], AT);
      const place = placeOf(record);
      expect(await bench().blocked()).toEqual([place]);
      expect((await bench().peek(place))?.records).toEqual([record]);
      expect(await bench().drive(place)).toEqual({ free: true });
    });

    it('keeps its headers: bytes, text, several of a name, odd names', async () => {
      const headers = {
        plain: Buffer.from('ä'),
        text: 'as text',
        twice: [Buffer.from([0, 1]), Buffer.from('second')],
        empty: Buffer.alloc(0),
        none: undefined,
        '100%\0"\\': Buffer.from('odd'),
      };
      const parked = parkedRecord('k', 1n, { headers });
      await bench().store.park(bench().group, [parked], AT);
      const { none: _none, ...kept } = headers;
      const [stored] = (await bench().peek(placeOf(parked)))?.records ?? [];
      expect(stored?.record.headers).toEqual({ ...kept, text: Buffer.from('as text') });
    });
  });
}

function describeDue(bench: () => StoreBench): void {
  describe('a blocked key', () => {
    it('is due when its head is, longest due first', async () => {
      const [a, b, c] = [parkedRecord('a', 1n), parkedRecord('b', 2n), parkedRecord('c', 3n)];
      for (const [record, notBefore] of [
        [a, AT + 20],
        [b, AT + 10],
        [c, AT + 30],
      ] as const) {
        await bench().store.park(bench().group, [record], AT, { attempt: 1, notBefore, firstFailureAt: AT });
      }
      expect(await bench().due(AT + 9)).toEqual([]);
      expect(await bench().due(AT + 20)).toEqual([placeOf(b), placeOf(a)]);
      expect(await bench().due(AT + 99)).toHaveLength(3);
    });

    it('is one of at most a hundred', async () => {
      const records = Array.from({ length: 120 }, (_, index) => parkedRecord(`k${index}`, BigInt(index)));
      await bench().store.park(bench().group, records, AT);
      expect(await bench().due()).toHaveLength(100);
      expect(await bench().blocked()).toHaveLength(120);
    });

    it('is not due with a dead head, unless dead ones are asked for', async () => {
      const [head] = await bench().parkRun('k', 1);
      await bench().killHead(head);
      expect(await bench().due(AT + 9_000)).toEqual([]);
      expect(await bench().due(AT + 9_000, true)).toEqual([placeOf(head)]);
      expect(await bench().blocked()).toEqual([placeOf(head)]);
    });
  });
}
