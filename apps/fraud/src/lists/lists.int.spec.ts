import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FraudBench, order } from '../fraud-bench.fixture.js';

let bench: FraudBench;
beforeAll(async () => {
  bench = await FraudBench.create(stack.postgres);
});
afterAll(() => bench.database.drop());
beforeEach(() => bench.clear());

const why = { by: 'mara', reason: 'chargeback' };

describe('a list', () => {
  it.each([
    { kind: 'customer', value: 'c-bad' },
    { kind: 'card', value: 'card-bad' },
    { kind: 'ip', value: '2001:DB8::1' },
    { kind: 'device', value: 'dev-bad' },
  ] as const)('of denied keys declines the next order with the $kind', async ({ kind, value }) => {
    await bench.lists.put({ list: 'deny', kind, value }, why);
    const told = {
      customer: order('c-bad'),
      card: order('c-1', { payment: { cardFingerprint: 'card-bad' } }),
      ip: order('c-2', { client: { ip: '2001:db8::1' } }),
      device: order('c-3', { client: { deviceId: 'dev-bad' } }),
    };
    await bench.handle(Object.values(told));
    const others = Object.entries(told).filter(([other]) => other !== kind);
    expect(await bench.outcomes([told[kind], ...others.map(([, one]) => one)])).toEqual([
      'decline',
      ...others.map(() => 'approve'),
    ]);
    expect(await bench.assessments.find(told[kind].data.orderId)).toMatchObject({
      inputs: { lists: [`deny.${kind}`] },
      hits: [{ rule: 'list.deny', settles: 'decline' }],
    });
  });

  it('of allowed keys lets an order pass that others would not, unless another list denies it', async () => {
    await bench.lists.put({ list: 'allow', kind: 'customer', value: 'c-good' }, why);
    const dear = { totalMinor: 5_000_000 };
    const [allowed, both] = [order('c-good', dear), order('c-good', { ...dear, client: { ip: '10.9.9.9' } })];
    await bench.lists.put({ list: 'deny', kind: 'ip', value: '10.9.9.9' }, why);
    await bench.handle([allowed, both]);
    expect(await bench.outcomes([allowed, both])).toEqual(['approve', 'decline']);
  });

  it('counts from the next decision on, and no longer once the key is taken off', async () => {
    const place = { list: 'deny', kind: 'customer', value: 'c-1' } as const;
    const [before, listed, after] = [order('c-1'), order('c-1'), order('c-1')];
    await bench.handle([before]);
    await bench.lists.put(place, why);
    await bench.handle([listed]);
    expect(await bench.lists.remove(place, { by: 'ada', reason: 'mistaken' })).toMatchObject({
      reason: 'chargeback',
      removedBy: 'ada',
      removedReason: 'mistaken',
    });
    await bench.handle([after]);
    expect(await bench.outcomes([before, listed, after])).toEqual(['approve', 'decline', 'approve']);
    expect(await bench.lists.remove(place, why)).toBeUndefined();
  });

  it('takes a key back that was taken off, with the new reason alone', async () => {
    const place = { list: 'deny', kind: 'customer', value: 'c-1' } as const;
    expect(await bench.lists.put(place, why)).toMatchObject({ isNew: true });
    expect(await bench.lists.put(place, { ...why, reason: 'again' })).toMatchObject({
      isNew: false,
      reason: 'again',
    });
    await bench.lists.remove(place, why);
    expect(await bench.lists.put(place, why)).toMatchObject({ isNew: true, removedBy: null });
  });
});
