import { Agent, request, type Dispatcher } from 'undici';
import { orderBody, type OrderBody } from './order-bodies.js';

const PREPARED = 4_096;
const HEADERS = { 'content-type': 'application/json' } as const;

/** Sends orders over keep-alive connections and accepts no answer but 201 with an id. */
export class OrderSender {
  private readonly bodies: readonly OrderBody[] = Array.from({ length: PREPARED }, (_, n) => orderBody(n));
  private readonly connections: Dispatcher;
  private sent = 0;

  constructor(
    private readonly url: string,
    connections: number,
  ) {
    this.connections = new Agent({ connections, pipelining: 1, keepAliveTimeout: 60_000 });
  }

  /** Places one order; resolves with its number of lines and throws for any answer but the right one. */
  async place(): Promise<number> {
    const { text, lines } = this.bodies[this.sent++ % PREPARED] ?? orderBody(0);
    const { statusCode, body } = await request(`${this.url}/orders`, {
      dispatcher: this.connections,
      method: 'POST',
      headers: HEADERS,
      body: text,
    });
    const answer = await body.text();
    if (statusCode !== 201 || !hasId(answer)) {
      throw new Error(`POST /orders answered ${statusCode}: ${answer.slice(0, 500)}`);
    }
    return lines;
  }

  /** Closes the connections. */
  close(): Promise<void> {
    return this.connections.close();
  }
}

function hasId(answer: string): boolean {
  const { id } = JSON.parse(answer) as { readonly id?: unknown };
  return typeof id === 'string' && id.length > 0;
}
