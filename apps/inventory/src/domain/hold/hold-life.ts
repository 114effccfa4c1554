/**
 * Where the stock of an order stands.
 *
 *   created:         absent → held | rejected           awaited → confirmed | rejected
 *   order-confirmed: held → confirmed                   absent → awaited
 *   order-rejected, order-cancelled, order-expired:
 *                    held → released                    absent → rejected (the tombstone: nothing will be held)
 *   hold-expired:    held → released
 *   shipment:        confirmed → shipped
 *
 * Nothing else moves anything. `rejected`, `released` and `shipped` are ends.
 */
export type HoldStatus = 'held' | 'confirmed' | 'shipped' | 'released' | 'rejected' | 'awaited';

/** What frees the units of a hold. */
export type ReleaseSignal = 'order-rejected' | 'order-cancelled' | 'order-expired' | 'hold-expired';

/** What a hold can be told. */
export type HoldSignal = ReleaseSignal | 'order-confirmed' | 'shipment';

/** What a signal did: `moved` and `early` changed something, the others did not and say why. */
export type SignalEffect =
  | 'moved'
  /** It came before the order was to be held, and is kept for that moment. */
  | 'early'
  /** What it asks for is so already. */
  | 'repeated'
  /** It asks for what can no longer be, or not yet. */
  | 'contradicting'
  /** Nothing is known of the order, and nothing is kept. */
  | 'unfounded';

/** A row of the table: what moves where, and what stands there already. */
export interface HoldRule {
  readonly from: HoldStatus;
  readonly to: HoldStatus;
  /** What an order becomes of which nothing is known. */
  readonly early?: HoldStatus;
  /** Where the signal asks for nothing new. */
  readonly alike: readonly HoldStatus[];
}

const END: HoldRule = { from: 'held', to: 'released', early: 'rejected', alike: ['released', 'rejected'] };

/** The guarded table. SQL takes `from` and `to` out of it, so that no statement can know another one. */
export const HOLD_RULES: Readonly<Record<HoldSignal, HoldRule>> = {
  'order-confirmed': {
    from: 'held',
    to: 'confirmed',
    early: 'awaited',
    alike: ['confirmed', 'shipped', 'awaited'],
  },
  'order-rejected': END,
  'order-cancelled': END,
  'order-expired': END,
  'hold-expired': { from: 'held', to: 'released', alike: ['released', 'rejected'] },
  shipment: { from: 'confirmed', to: 'shipped', alike: ['shipped'] },
};

/** What a signal makes of a hold; undefined is an order of which nothing is known. */
export function hear(
  status: HoldStatus | undefined,
  signal: HoldSignal,
): { status: HoldStatus | undefined; effect: SignalEffect } {
  const { from, to, early, alike } = HOLD_RULES[signal];
  if (status === undefined)
    return early ? { status: early, effect: 'early' } : { status, effect: 'unfounded' };
  if (status === from) return { status: to, effect: 'moved' };
  return { status, effect: alike.includes(status) ? 'repeated' : 'contradicting' };
}

/** How a hold begins: `covered` when its units were taken. Only an unknown or an awaited order begins; others are answered. */
export function begin(status: 'awaited' | undefined, covered: boolean): HoldStatus {
  if (!covered) return 'rejected';
  return status === 'awaited' ? 'confirmed' : 'held';
}

/** Whether the units of such a hold are part of what is reserved. */
export function reserves(status: HoldStatus | undefined): boolean {
  return status === 'held' || status === 'confirmed';
}
