import { describe, expect, it } from '@jest/globals';
import { customerOrders, type CustomerOrders } from './customer-orders.js';
import { resolveRequest } from './feature-request.js';
import { onlineFeatures } from './online-features.js';

const now = new Date('2026-03-02T00:00:00.000Z');
const DAY_MS = 86_400_000;

function known(daysAgo: number, sums: CustomerOrders['sums'] = new Map()): CustomerOrders {
  return { lastOrderAt: new Date(now.getTime() - daysAgo * DAY_MS), sums };
}

function answer(features: string[], states: Record<string, CustomerOrders>, ids: string[]) {
  const request = resolveRequest({ features, entities: { customer_id: ids } }, customerOrders);
  return onlineFeatures(request, new Map(Object.entries(states)), now);
}

describe('onlineFeatures', () => {
  it('answers by column, one value per entity in the order asked', () => {
    const sums = new Map([
      ['EUR', { orders: 2n, sumMinor: 5_970n }],
      ['USD', { orders: 1n, sumMinor: 100n }],
    ]);
    const features = [
      'customer_orders:count_24h',
      'customer_orders:sum_minor_24h_eur',
      'customer_orders:sum_minor_24h_jpy',
      'customer_orders:last_order_at',
    ];
    expect(answer(features, { 'c-1': known(0.5, sums) }, ['c-0', 'c-1'])).toEqual({
      metadata: {
        feature_names: [
          'customer_id',
          'count_24h',
          'sum_minor_24h_eur',
          'sum_minor_24h_jpy',
          'last_order_at',
        ],
      },
      results: [
        {
          values: ['c-0', 'c-1'],
          statuses: ['PRESENT', 'PRESENT'],
          event_timestamps: ['1970-01-01T00:00:00.000Z', '1970-01-01T00:00:00.000Z'],
        },
        ...[3, 5_970, 0, '2026-03-01T12:00:00.000Z'].map((value) => ({
          values: [null, value],
          statuses: ['NOT_FOUND', 'PRESENT'],
          event_timestamps: ['1970-01-01T00:00:00.000Z', '2026-03-01T12:00:00.000Z'],
        })),
      ],
    });
  });

  it('serves zero for a customer whose last order is older than the window', () => {
    const { results } = answer(['customer_orders:count_24h'], { 'c-1': known(3) }, ['c-1']);
    expect(results[1]).toMatchObject({ values: [0], statuses: ['PRESENT'] });
  });

  it('serves nothing of a customer whose last order is older than the lifetime of the view', () => {
    const states = { old: known(90.001), young: known(89.999) };
    const { results } = answer(['customer_orders:last_order_at'], states, ['old', 'young']);
    expect(results[1]?.statuses).toEqual(['OUTSIDE_MAX_AGE', 'PRESENT']);
    expect(results[1]?.values[0]).toBeNull();
  });

  it('writes sums beyond 2^53 as decimal text', () => {
    const sums = new Map([['EUR', { orders: 1n, sumMinor: 2n ** 53n + 1n }]]);
    const { results } = answer(['customer_orders:sum_minor_24h_eur'], { 'c-1': known(0, sums) }, ['c-1']);
    expect(results[1]?.values).toEqual(['9007199254740993']);
  });
});
