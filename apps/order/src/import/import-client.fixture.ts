import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/** What an import was answered. */
export interface ImportReply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** An order that everybody accepts, in one line of an import. */
export function orderLine(index: number, overrides: object = {}): string {
  const lines = [{ sku: `S-${index % 10}`, quantity: 1 + (index % 3), unitPriceMinor: 1_000 + index }];
  return JSON.stringify({
    customerId: `c-${index}`,
    region: 'eu-west',
    currency: 'EUR',
    lines,
    ...overrides,
  });
}

/** The body of an import of `count` good lines. */
export function orderLines(count: number): string[] {
  return Array.from({ length: count }, (_, index) => orderLine(index));
}

/** An import on a connection of its own, whose body is sent piece by piece. */
export class OpenImport {
  readonly reply: Promise<ImportReply>;
  private readonly request: ClientRequest;

  constructor(url: string, headers: Readonly<Record<string, string>>) {
    this.request = request(new URL('/orders/import', url), {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson', ...headers },
      agent: false,
    });
    this.reply = this.answer();
    this.reply.catch(() => undefined);
  }

  /** Sends lines; resolves when there is room for more. */
  async send(lines: readonly string[]): Promise<void> {
    const more = this.request.write(lines.map((line) => `${line}\n`).join(''));
    if (!more) await once(this.request, 'drain');
  }

  end(): Promise<ImportReply> {
    this.request.end();
    return this.reply;
  }

  /** Breaks the connection. */
  break(): void {
    this.request.destroy();
  }

  private async answer(): Promise<ImportReply> {
    const [response] = (await once(this.request, 'response')) as [IncomingMessage];
    const body = JSON.parse(await text(response)) as ImportReply['body'];
    return { status: response.statusCode ?? 0, body };
  }
}
