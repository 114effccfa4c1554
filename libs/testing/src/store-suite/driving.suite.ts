import { describe, expect, it } from '@jest/globals';
import { AT, parkedRecord, placeOf, ROLL_BACK, type StoreBench } from './bench/store-bench.js';

/** What every store does for the driver of a blocked key. */
export function describeDriving(bench: () => StoreBench): void {
  describeTaking(bench);
  describeLocking(bench);
  describeWaiting(bench);
  describeRaces(bench);
  describeLockedKeys(bench);
  describeStorm(bench);
}

function describeTaking(bench: () => StoreBench): void {
  describe('driving a key', () => {
    it('takes its records in log order until it is free', async () => {
      const [first, second] = await bench().parkRun('k', 2);
      const key = placeOf(first);
      expect(await bench().drive(key, 1, AT + 5)).toEqual({ free: false });
      expect(await bench().store.statesOf(bench().group, [first.eventId])).toEqual([
        { eventId: first.eventId, state: 'done', processedAt: new Date(AT + 5) },
      ]);
      const run = await bench().peek(key);
      expect(run).toMatchObject({ state: 'waiting', attempt: 0, records: [{ eventId: second.eventId }] });
      expect(run).not.toHaveProperty('firstFailureAt');
      expect(await bench().due(AT + 4)).toEqual([]);
      expect(await bench().due(AT + 5)).toEqual([key]);
      expect(await bench().drive(key)).toEqual({ free: true });
      expect(await bench().blocked()).toEqual([]);
      expect(await bench().peek(key)).toBeUndefined();
    });

    it('takes several at once, and reads no more than asked', async () => {
      const [first] = await bench().parkRun('k', 5);
      expect((await bench().peek(placeOf(first), 3))?.records).toHaveLength(3);
      expect(await bench().drive(placeOf(first), 3)).toEqual({ free: false });
      expect((await bench().peek(placeOf(first)))?.records.map(({ record }) => record.offset)).toEqual([
        13n,
        14n,
      ]);
    });
  });
}

function describeLocking(bench: () => StoreBench): void {
  describe('the driver of a key', () => {
    it('leaves everything as it was when the effect rolls back', async () => {
      const [head] = await bench().parkRun('k', 2);
      const before = await bench().peek(placeOf(head));
      const effect = bench().store.transaction(async (tx) => {
        await bench().driveIn(tx, placeOf(head));
        throw ROLL_BACK;
      });
      await expect(effect).rejects.toBe(ROLL_BACK);
      expect(await bench().peek(placeOf(head))).toEqual(before);
      expect(await bench().stateOf(head.eventId)).toBe('parked');
    });

    it('is one driver at a time: another one finds it away', async () => {
      const [head] = await bench().parkRun('k', 1);
      const [other] = await bench().parkRun('other', 1, 20n);
      const first = await bench().hold((tx) => bench().store.lockParked(tx, bench().group, placeOf(head), 1));
      expect(await bench().peek(placeOf(head))).toBeUndefined();
      expect(await bench().peek(placeOf(other))).toBeDefined();
      await first.commit();
      expect(await bench().peek(placeOf(head))).toBeDefined();
    });

    it('refuses to let an event take effect twice', async () => {
      const [head] = await bench().parkRun('k', 1);
      const twice = bench().store.transaction(async (tx) => {
        await bench().driveIn(tx, placeOf(head));
        await bench().store.takeParked(tx, bench().group, placeOf(head), [head], AT);
      });
      await expect(twice).rejects.toMatchObject({ code: 'EFFECT_TWICE' });
      expect(await bench().stateOf(head.eventId)).toBe('parked');
    });
  });
}

function describeWaiting(bench: () => StoreBench): void {
  describe('a head that fails again', () => {
    it('waits on, with what it has spent', async () => {
      const [head] = await bench().parkRun('k', 1);
      const key = placeOf(head);
      const wait = { attempt: 2, notBefore: AT + 60_000, firstFailureAt: AT - 1_000 };
      await bench().store.postponeHead(bench().group, key, wait);
      expect(await bench().due(AT + 59_999)).toEqual([]);
      expect(await bench().due(AT + 60_000)).toEqual([key]);
      expect(await bench().peek(key)).toMatchObject(wait);
      expect((await bench().store.statesOf(bench().group, [head.eventId]))[0]).toMatchObject({
        attempts: 2,
      });
    });

    it('waits no more once it is dead', async () => {
      const [head] = await bench().parkRun('k', 1);
      await bench().killHead(head);
      const wait = { attempt: 2, notBefore: AT, firstFailureAt: AT };
      await bench().store.postponeHead(bench().group, placeOf(head), wait);
      expect(await bench().peek(placeOf(head))).toMatchObject({ state: 'dead', attempt: 1 });
    });
  });
}

function describeRaces(bench: () => StoreBench): void {
  describe('parking while a key is driven', () => {
    it('blocks the key again when its driver has just freed it', async () => {
      const [head] = await bench().parkRun('k', 1);
      const key = placeOf(head);
      const driver = await bench().hold((tx) => bench().driveIn(tx, key));
      expect(driver.result).toEqual({ free: true });
      const later = parkedRecord('k', 11n);
      const parking = bench().store.park(bench().group, [later], AT);
      await bench().expectWaiting(parking);
      await driver.commit();
      expect(await parking).toEqual([{ eventId: later.eventId, standing: 'parked' }]);
      expect(await bench().blocked()).toEqual([key]);
      expect(await bench().drive(key)).toEqual({ free: true });
    });

    it('does not park a redelivered record that takes effect just now', async () => {
      const [head] = await bench().parkRun('k', 1);
      const driver = await bench().hold((tx) => bench().driveIn(tx, placeOf(head)));
      const parking = bench().store.park(bench().group, [head], AT);
      await bench().expectWaiting(parking);
      await driver.commit();
      expect(await parking).toEqual([{ eventId: head.eventId, standing: 'done' }]);
      expect(await bench().blocked()).toEqual([]);
    });

    it('tells a late failure of the head that it took effect', async () => {
      const [head] = await bench().parkRun('k', 1);
      const driver = await bench().hold((tx) => bench().driveIn(tx, placeOf(head)));
      const failing = bench().store.recordFailure(bench().failure(head.eventId), AT);
      await bench().expectWaiting(failing);
      await driver.commit();
      expect(await failing).toBe('already-done');
      expect(await bench().stateOf(head.eventId)).toBe('done');
    });
  });
}

function describeLockedKeys(bench: () => StoreBench): void {
  describe('parking behind a key that its driver has only locked', () => {
    it('waits, and is not forgotten when the driver frees the key', async () => {
      const [head] = await bench().parkRun('k', 1);
      const [key, { store, group }] = [placeOf(head), bench()];
      const [locked, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const driver = store.transaction(async (tx) => {
        const run = await store.lockParked(tx, group, key, 1);
        locked.resolve();
        await go.promise;
        return store.takeParked(tx, group, key, run?.records ?? [], AT);
      });
      await locked.promise;
      const parking = store.park(group, [parkedRecord('k', 11n)], AT);
      await bench().expectWaiting(parking);
      go.resolve();
      expect(await driver).toEqual({ free: true });
      await parking;
      expect(await bench().blocked()).toEqual([key]);
      expect(await bench().drive(key)).toEqual({ free: true });
    });
  });
}

function describeStorm(bench: () => StoreBench): void {
  describe('many drivers and parkers of a key', () => {
    it('ends with every effect once, whatever drives and parks at once', async () => {
      const records = await bench().parkRun('k', 12);
      const key = placeOf(records[0]);
      const later = Array.from({ length: 12 }, (_, index) => parkedRecord('k', 30n + BigInt(index)));
      const last = later[11]?.eventId ?? '';
      let driven = 0;
      const drive = async () => {
        while ((await bench().stateOf(last)) !== 'done') {
          if (await bench().drive(key, 2)) driven += 1;
        }
      };
      const park = async () => {
        for (const record of later) await bench().store.park(bench().group, [record, records[0]], AT);
      };
      await Promise.all([drive(), drive(), park()]);
      while (await bench().drive(key, 2)) driven += 1;
      const ids = [...records, ...later].map(({ eventId }) => eventId);
      const states = await bench().store.statesOf(bench().group, ids);
      expect(new Set(states.map(({ state }) => state))).toEqual(new Set(['done']));
      expect(await bench().blocked()).toEqual([]);
      expect(driven).toBeGreaterThanOrEqual(12);
    });
  });
}
