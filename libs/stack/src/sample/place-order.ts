import { StackError } from '../stack.error.js';

const TIMEOUT_MS = 60_000;

/** An accepted order; times in milliseconds since 1970. */
export interface PlacedOrder {
  readonly id: string;
  readonly eventId: string;
  readonly traceId: string;
  readonly requestedAt: number;
  readonly answeredAt: number;
}

interface Answer {
  readonly id: string;
  readonly eventId: string;
  readonly traceId: string;
}

/** Posts an order to the order service of that URL; throws `StackError` SAMPLE unless it is accepted with 201. */
export async function placeOrder(orderUrl: string, order: object): Promise<PlacedOrder> {
  const clock = () => performance.timeOrigin + performance.now();
  const requestedAt = clock();
  const answer = await fetch(new URL('/orders', orderUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await answer.text();
  const answeredAt = clock();
  if (answer.status !== 201) {
    throw new StackError(
      'SAMPLE',
      `The sample order was not accepted: the order service answers ${answer.status}.`,
      [text],
    );
  }
  const { id, eventId, traceId } = JSON.parse(text) as Answer;
  return { id, eventId, traceId, requestedAt, answeredAt };
}
