import {
  checkNames,
  hear,
  type CheckName,
  type Checks,
  type Signal,
  type SignalEffect,
} from './order-checks.js';
import type { OrderStatus } from './order.js';

/** Why an order was rejected. */
export type RejectionReason = 'fraud-declined' | 'out-of-stock' | 'stock-released';

/** How an order ends; it ends once. */
export type Ending =
  | { readonly status: 'confirmed' }
  | { readonly status: 'rejected'; readonly reason: RejectionReason }
  | { readonly status: 'cancelled'; readonly reason?: string }
  | { readonly status: 'expired'; readonly missing: readonly CheckName[] };

/** What decides about an order: its status, its checks, and until when they may come; milliseconds since the epoch. */
export interface OrderLife {
  readonly status: OrderStatus;
  readonly checks: Checks;
  readonly deadline: number;
}

/** What a signal made of an order. */
export interface Heard {
  readonly life: OrderLife;
  readonly effect: SignalEffect;
  /** Present when the order ended with it. */
  readonly ending?: Ending;
}

/**
 * Hears a service's word: only a pending order listens, and only until its deadline, also when nobody has looked at that
 * yet. What inventory holds outlives the deadline and no more, so a later yes could be worth nothing. A review gives the
 * order that much more time, in milliseconds.
 */
export function receive(life: OrderLife, signal: Signal, now: number, reviewMs: number): Heard {
  if (life.status !== 'pending' || now >= life.deadline) return { life, effect: 'late' };
  const { checks, effect } = hear(life.checks, signal);
  if (effect !== 'counted') return { life, effect };
  const deadline = signal === 'fraud-in-review' ? Math.max(life.deadline, now + reviewMs) : life.deadline;
  const ending = endingOf(checks);
  if (!ending) return { life: { ...life, checks, deadline }, effect };
  return { life: { status: ending.status, checks, deadline }, effect, ending };
}

/** What cancelling does: ends a pending order, and says whether it is cancelled now. */
export function cancel(life: OrderLife, reason?: string): { cancelled: boolean; ending?: Ending } {
  if (life.status !== 'pending') return { cancelled: life.status === 'cancelled' };
  return { cancelled: true, ending: { status: 'cancelled', ...(reason === undefined ? {} : { reason }) } };
}

/** The end of a pending order whose deadline has passed; undefined for any other. */
export function expire(life: OrderLife, now: number): Ending | undefined {
  if (life.status !== 'pending' || now < life.deadline) return undefined;
  return { status: 'expired', missing: missingChecks(life.checks) };
}

const REJECTED: Readonly<Partial<Record<Checks[CheckName], RejectionReason>>> = {
  declined: 'fraud-declined',
  rejected: 'out-of-stock',
  released: 'stock-released',
};

/** One no rejects, all yes confirm, otherwise the order goes on waiting. */
function endingOf(checks: Checks): Ending | undefined {
  for (const name of checkNames) {
    const reason = REJECTED[checks[name]];
    if (reason) return { status: 'rejected', reason };
  }
  return missingChecks(checks).length === 0 ? { status: 'confirmed' } : undefined;
}

function missingChecks({ fraud, inventory }: Checks): CheckName[] {
  const missing: CheckName[] = [];
  if (fraud !== 'approved') missing.push('fraud');
  if (inventory !== 'reserved') missing.push('inventory');
  return missing;
}
