import { randomUUID } from 'node:crypto';

/** An order as the service answered it. */
export interface PlacedOrder {
  readonly id: string;
  readonly eventId: string;
  readonly traceId: string;
  readonly totalMinor: number;
}

/** A valid order; every call makes a new customer. */
export function orderBody(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  const customerId = `c-${randomUUID().slice(0, 13)}`;
  return {
    customerId,
    region: 'eu-west',
    currency: 'EUR',
    lines: [{ sku: 'MUG-BLUE', quantity: 1, unitPriceMinor: 1_490 }],
    customer: { email: `${customerId}@example.com`, locale: 'en' },
    ...overrides,
  };
}

/** Posts JSON and gives the raw answer. */
export function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
}

/** Places one order; throws when it is not accepted. */
export async function placeOrder(orderUrl: string, body = orderBody()): Promise<PlacedOrder> {
  const answer = await post(`${orderUrl}/orders`, body);
  if (answer.status !== 201)
    throw new Error(`POST /orders answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as PlacedOrder;
}

/** How a load of orders is placed. */
export interface Load {
  readonly url: () => string;
  /** Ends the load; told how many orders were accepted so far. */
  readonly until: (accepted: number) => boolean;
  /** Requests under way at once. */
  readonly connections: number;
  /** Orders per second at most over all connections. */
  readonly rate: number;
  /** Makes the next order. @default `orderBody` */
  readonly body?: () => Record<string, unknown>;
  /** What the caller does as soon as an order is accepted. */
  readonly accepted?: (order: PlacedOrder, body: Record<string, unknown>) => void | Promise<void>;
}

/**
 * Places orders at a bounded rate and gives those that were accepted. A request that fails, because the service is
 * being killed, is not repeated as the same order: whether it was committed is for the database to say.
 */
export async function placeOrders(load: Load): Promise<PlacedOrder[]> {
  const accepted: PlacedOrder[] = [];
  const started = performance.now();
  let sent = 0;
  const worker = async (): Promise<void> => {
    while (!load.until(accepted.length)) {
      const due = started + (sent++ / load.rate) * 1_000;
      const wait = due - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      const body = load.body?.() ?? orderBody();
      const order = await placeOrder(load.url(), body).catch(() => undefined);
      if (!order) continue;
      accepted.push(order);
      await load.accepted?.(order, body);
    }
  };
  await Promise.all(Array.from({ length: load.connections }, worker));
  return accepted;
}
