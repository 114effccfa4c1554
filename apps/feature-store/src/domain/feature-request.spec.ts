import { describe, expect, it } from '@jest/globals';
import { customerOrders } from './customer-orders.js';
import { resolveRequest, type FeatureRequest } from './feature-request.js';

const entities = { customer_id: ['c-2', 'c-1', 'c-2'] };
const resolve = (request: FeatureRequest) => resolveRequest(request, customerOrders);

describe('resolveRequest', () => {
  it('names the entity first and the features as asked, without their view', () => {
    const { names, ids } = resolve({
      features: ['customer_orders:last_order_at', 'customer_orders:sum_minor_24h_eur'],
      entities,
    });
    expect(names).toEqual(['customer_id', 'last_order_at', 'sum_minor_24h_eur']);
    expect(ids).toEqual(['c-2', 'c-1', 'c-2']);
  });

  it('puts the view before each name when full names are asked for', () => {
    const { names } = resolve({
      features: ['customer_orders:count_24h'],
      entities,
      full_feature_names: true,
    });
    expect(names).toEqual(['customer_id', 'customer_orders__count_24h']);
  });

  it.each([
    'count_24h',
    'customers:count_24h',
    'customer_orders:',
    'customer_orders:count_24h:x',
    'customer_orders:sum_minor_24h_EUR',
    'customer_orders:sum_minor_24h_euro',
    'customer_orders:__proto__',
  ])('refuses the feature %s and names those that exist', (reference) => {
    const asked = () => resolve({ features: [reference], entities });
    expect(asked).toThrow(expect.objectContaining({ code: 'unknown-feature' }));
    expect(asked).toThrow(/customer_orders:count_24h.*customer_orders:last_order_at/);
  });

  it('refuses a feature asked for twice', () => {
    const features = ['customer_orders:count_24h', 'customer_orders:count_24h'];
    expect(() => resolve({ features, entities })).toThrow(
      expect.objectContaining({ code: 'repeated-feature' }),
    );
  });

  it('refuses an unknown entity and a missing one, naming the one that exists', () => {
    const features = ['customer_orders:count_24h'];
    expect(() => resolve({ features, entities: { ...entities, driver_id: ['1'] } })).toThrow(
      /no entity 'driver_id'; there is customer_id/,
    );
    expect(() => resolve({ features, entities: {} })).toThrow(/which customer_id/);
  });
});
