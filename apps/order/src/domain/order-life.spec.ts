import { describe, expect, it } from '@jest/globals';
import { assertProducible } from '@millrace/contracts';
import { endingEvent } from './ending-event.js';
import { noChecks, type Signal } from './order-checks.js';
import { cancel, expire, receive, type Ending, type Heard, type OrderLife } from './order-life.js';

const REVIEW = 86_400_000;
const pending: OrderLife = { status: 'pending', checks: noChecks, deadline: 1_000 };

/** The last of what an order hears. */
function hears(...signals: readonly Signal[]): Heard {
  let heard: Heard = { life: pending, effect: 'counted' };
  for (const signal of signals) heard = receive(heard.life, signal, 500, REVIEW);
  return heard;
}

describe('an order', () => {
  it.each<[Signal[], Ending]>([
    [['fraud-approved', 'stock-reserved'], { status: 'confirmed' }],
    [['fraud-declined'], { status: 'rejected', reason: 'fraud-declined' }],
    [['stock-reserved', 'review-declined'], { status: 'rejected', reason: 'fraud-declined' }],
    [['fraud-approved', 'stock-rejected'], { status: 'rejected', reason: 'out-of-stock' }],
    [['stock-reserved', 'stock-released'], { status: 'rejected', reason: 'stock-released' }],
  ])('that hears %j ends as %j', (signals, ending) => {
    const heard = hears(...signals);
    expect(heard.ending).toEqual(ending);
    expect(heard.life.status).toBe(ending.status);
  });

  it('waits while a check is missing, and expires with the names of what is', () => {
    const { life } = hears('fraud-approved');
    expect(life.status).toBe('pending');
    expect(expire(life, 999)).toBeUndefined();
    expect(expire(life, 1_000)).toEqual({ status: 'expired', missing: ['inventory'] });
    expect(expire(pending, 1_000)).toEqual({ status: 'expired', missing: ['fraud', 'inventory'] });
  });

  it('has a day more when a person reviews it, and never less than it had', () => {
    expect(receive(pending, 'fraud-in-review', 500, REVIEW).life.deadline).toBe(500 + REVIEW);
    const patient = { ...pending, deadline: 10 * REVIEW };
    expect(receive(patient, 'fraud-in-review', 500, REVIEW).life.deadline).toBe(10 * REVIEW);
  });

  it('hears nothing any more once it has ended', () => {
    const { life } = hears('fraud-declined');
    expect(receive(life, 'stock-reserved', 600, REVIEW)).toEqual({ life, effect: 'late' });
    expect(expire(life, 2_000)).toBeUndefined();
    expect(cancel(life)).toEqual({ cancelled: false });
  });

  it('hears nothing any more once its time is over, also when nobody has looked at that yet', () => {
    const { life } = hears('fraud-approved');
    expect(receive(life, 'stock-reserved', 999, REVIEW).ending).toEqual({ status: 'confirmed' });
    expect(receive(life, 'stock-reserved', 1_000, REVIEW)).toEqual({ life, effect: 'late' });
    expect(expire(life, 1_000)).toEqual({ status: 'expired', missing: ['inventory'] });
  });

  it('can be cancelled while it is pending, and stays cancelled', () => {
    expect(cancel(pending, 'mistake')).toEqual({
      cancelled: true,
      ending: { status: 'cancelled', reason: 'mistake' },
    });
    expect(cancel({ ...pending, status: 'cancelled' })).toEqual({ cancelled: true });
  });

  it.each<[Ending, string]>([
    [{ status: 'confirmed' }, 'order.confirmed'],
    [{ status: 'rejected', reason: 'out-of-stock' }, 'order.rejected'],
    [{ status: 'cancelled' }, 'order.cancelled'],
    [{ status: 'cancelled', reason: 'mistake' }, 'order.cancelled'],
    [{ status: 'expired', missing: ['fraud'] }, 'order.expired'],
  ])('that ends as %j tells it with %s', (ending, type) => {
    const order = {
      id: '01993f6e-8f2b-7c11-9a54-3d2f0c9a7b10',
      customerId: 'c-1',
      region: 'eu-west',
      currency: 'EUR',
      totalMinor: 5_970,
    };
    const { event, data } = endingEvent(order, ending, new Date('2026-03-01T10:15:30.000Z'));
    expect(event.type).toBe(type);
    expect(() => assertProducible(event, data)).not.toThrow();
    expect(data).toMatchObject({ orderId: order.id, customerId: 'c-1', totalMinor: 5_970 });
  });
});
