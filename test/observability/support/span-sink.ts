import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A receiver of spans that keeps the bytes as they came: what is not in them was not told to anybody. */
export class SpanSink {
  readonly #bodies: Buffer[] = [];
  readonly #server: Server = createServer((request, response) => {
    void buffer(request).then((body) => {
      this.#bodies.push(body);
      response
        .writeHead(200, { 'content-type': request.headers['content-type'] ?? 'application/json' })
        .end();
    });
  });

  /** Starts on a free port. */
  static async start(): Promise<SpanSink> {
    const sink = new SpanSink();
    sink.#server.listen(0, '127.0.0.1');
    await once(sink.#server, 'listening');
    return sink;
  }

  /** Base address for OTLP over HTTP. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Everything that came, as text; texts in it are whole whatever encoding OTLP used. */
  get text(): string {
    return Buffer.concat(this.#bodies).toString();
  }

  /** Ends the server and every connection to it. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
