import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { ConnectorConfig } from './connector-file.js';

/** Kafka Connect's REST interface for one connector over real HTTP; tests set what it answers and read what it was asked. */
export class FakeConnect {
  /** Requests that change something, as `METHOD path`. */
  readonly changes: string[] = [];
  /** Settings of the connector; undefined before the first PUT. */
  config: ConnectorConfig | undefined;
  /** Stored offset of the connector; undefined when there is none. */
  offset: Record<string, unknown> | undefined;
  /** State of the connector and of its tasks. */
  states: { connector: string; tasks: string[] } = { connector: 'RUNNING', tasks: ['RUNNING'] };
  /** Whether the REST resources are there yet. */
  ready = true;
  /** Why it refuses every change; undefined while it accepts. */
  refusal: string | undefined;
  readonly #server: Server = createServer((request, response) => void this.#answer(request, response));

  /** Listens on a free port and returns its address. */
  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    return `http://127.0.0.1:${this.port}`;
  }

  /** Port that it listens on. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends the server and every connection to it. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = `${request.method} ${request.url}`;
    const body = await text(request);
    if (request.method !== 'GET') this.changes.push(asked);
    const [status, answer] = this.#reply(asked, body);
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(status === 204 ? undefined : JSON.stringify(answer));
  }

  #reply(asked: string, body: string): [status: number, answer: object] {
    if (!this.ready) return [404, { error_code: 404, message: 'HTTP 404 Not Found' }];
    if (asked === 'GET /connectors') return [200, this.config ? ['outbox'] : []];
    if (!asked.startsWith('GET ') && this.refusal) return [400, { error_code: 400, message: this.refusal }];
    if (asked === 'PUT /connectors/outbox/config') {
      this.config = { ...(JSON.parse(body) as ConnectorConfig), name: 'outbox' };
      return [201, {}];
    }
    if (!this.config) return [404, { error_code: 404, message: 'no such connector' }];
    if (asked === 'GET /connectors/outbox/config') return [200, this.config];
    if (asked === 'GET /connectors/outbox/status') return [200, this.#status()];
    if (asked === 'GET /connectors/outbox/offsets') {
      return [200, { offsets: this.offset === undefined ? [] : [{ partition: {}, offset: this.offset }] }];
    }
    if (asked === 'DELETE /connectors/outbox/offsets') {
      if (this.states.connector !== 'STOPPED') return [400, { message: 'must be in the STOPPED state' }];
      this.offset = undefined;
      return [200, {}];
    }
    if (asked === 'PUT /connectors/outbox/stop') {
      this.states = { connector: 'STOPPED', tasks: [] };
      return [204, {}];
    }
    if (asked === 'PUT /connectors/outbox/resume') {
      this.states = { connector: 'RUNNING', tasks: ['RUNNING'] };
      return [202, {}];
    }
    return asked.startsWith('POST /connectors/outbox/restart') ? [202, {}] : [500, { message: asked }];
  }

  #status(): object {
    const part = (state: string) => ({
      state,
      worker_id: 'a:1',
      ...(state === 'FAILED' ? { trace: TRACE } : {}),
    });
    return {
      name: 'outbox',
      connector: part(this.states.connector),
      tasks: this.states.tasks.map((state, id) => ({ id, ...part(state) })),
    };
  }
}

const TRACE =
  'io.debezium.DebeziumException: replication slot "millrace" is active for PID 7\n\tat a.B.c(B.java:1)';
