import type { Decision, Held, Rejected, Shortage } from './decision.js';
import { foldLines, type OrderLine } from './order-line.js';
import { availableOf, type StockLevel } from './stock/stock-level.js';

/** An order that asks for stock. */
export interface ReservationRequest {
  readonly orderId: string;
  readonly eventId: string;
  readonly lines: readonly OrderLine[];
}

/** What is known before a batch is judged; the stock must be locked. */
export interface Known {
  readonly levels: readonly StockLevel[];
  /** Decisions that orders of the batch already have. */
  readonly decisions: readonly Decision[];
  /** Time of the new decisions. */
  readonly now: Date;
}

/** What a batch comes to. */
export interface Verdict<Request> {
  /** One answer per request, in order. */
  readonly answers: readonly { readonly request: Request; readonly decision: Decision }[];
  /** The decisions that are new, in order. */
  readonly made: readonly Decision[];
  /** Units that the new decisions hold, one line per SKU, sorted. */
  readonly taken: readonly OrderLine[];
}

/**
 * Judges a batch in its order: all or nothing per order, earlier requests first. An order that has a decision,
 * also one made earlier in the batch, is answered with it and never judged again.
 */
export function reserve<Request extends ReservationRequest>(
  requests: readonly Request[],
  known: Known,
): Verdict<Request> {
  const free = new Map(known.levels.map((level) => [level.sku, availableOf(level)]));
  const decisions = new Map(known.decisions.map((decision) => [decision.orderId, decision]));
  const made: Decision[] = [];
  const answers = requests.map((request) => {
    const { orderId, eventId } = request;
    let decision = decisions.get(orderId);
    if (!decision) {
      decision = { orderId, eventId, decidedAt: known.now, ...judge(foldLines(request.lines), free) };
      decisions.set(orderId, decision);
      made.push(decision);
    }
    return { request, decision };
  });
  return { answers, made, taken: foldLines(made.flatMap(heldLines)) };
}

/** Lines that a decision holds; none when it is a rejection. */
export function heldLines(decision: Decision): readonly OrderLine[] {
  return decision.status === 'held' ? decision.lines : [];
}

/** Judges one order and takes its units from what is free. */
function judge(lines: readonly OrderLine[], free: Map<string, number>): Held | Rejected {
  const shortages = lines
    .map(({ sku, quantity }): Shortage => ({ sku, requested: quantity, available: free.get(sku) ?? 0 }))
    .filter(({ requested, available }) => requested > available);
  if (shortages.length > 0) {
    const reason = shortages.every(({ sku }) => free.has(sku)) ? 'insufficient' : 'unknown-sku';
    return { status: 'rejected', reason, shortages };
  }
  for (const { sku, quantity } of lines) free.set(sku, (free.get(sku) ?? 0) - quantity);
  return { status: 'held', lines };
}
