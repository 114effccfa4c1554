import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { ProxiedConnection } from './proxied-connection.js';

const HOST = '127.0.0.1';

/**
 * Below the range from which the system takes the ends of outgoing connections, so that a cut proxy keeps its port, and
 * below the ports of stacks, which are chosen before anybody listens on them.
 */
const [LOWEST, HIGHEST] = [10_000, 15_000];

const LISTEN_TRIES = 50;

/** Where a proxy forwards to. */
export interface ProxyTarget {
  readonly host: string;
  readonly port: number;
}

/**
 * A TCP proxy on a port of 127.0.0.1 through which a test breaks the network between a process and a server.
 * States: forwarding; cut (no connection lives, new ones are refused); paused (connections are accepted and live,
 * nothing is forwarded; stranded: what was open then never goes on); closed. `restore` leads back to forwarding without delay from any but the last.
 */
export class TcpProxy {
  private readonly connections = new Set<ProxiedConnection>();
  private readonly stranded = new WeakSet<ProxiedConnection>();
  private server: Server | undefined;
  private paused = false;
  private delayMs = 0;

  private constructor(
    /** Port that it listens on, the same during its whole life. */
    readonly port: number,
    private readonly target: ProxyTarget,
    server: Server,
  ) {
    this.adopt(server);
  }

  /** Listens on a free port and forwards every connection to the target. */
  static async start(target: ProxyTarget): Promise<TcpProxy> {
    for (let left = LISTEN_TRIES; ; left -= 1) {
      const port = randomInt(LOWEST, HIGHEST);
      try {
        return new TcpProxy(port, target, await listen(port));
      } catch (error) {
        if (left === 0) throw error;
      }
    }
  }

  /** `host:port` of the proxy. */
  get address(): string {
    return `${HOST}:${this.port}`;
  }

  /** Connections that are open now. */
  get open(): number {
    return this.connections.size;
  }

  /** Destroys all connections and refuses new ones. */
  async cut(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    const closed = server && once(server, 'close');
    server?.close();
    for (const connection of this.connections) connection.destroy();
    await closed;
  }

  /** Accepts connections and keeps them, and forwards nothing in either direction. */
  pause(): void {
    this.paused = true;
    for (const connection of this.connections) connection.pause();
  }

  /**
   * Leaves the connections of now hanging for good, as a failover does: they stay open and nothing passes them any
   * more, also after `restore`. Until then new ones hang too.
   */
  strand(): void {
    this.pause();
    for (const connection of this.connections) this.stranded.add(connection);
  }

  /** Forwards what comes from now on that many milliseconds later, in each direction. */
  delay(milliseconds: number): void {
    this.delayMs = milliseconds;
    for (const connection of this.connections) connection.delay(milliseconds);
  }

  /** Forwards at once again, and first of all what was held back; listens again after a cut. */
  async restore(): Promise<void> {
    this.paused = false;
    this.delay(0);
    for (const connection of this.connections) if (!this.stranded.has(connection)) connection.resume();
    if (!this.server) this.adopt(await listen(this.port));
  }

  /** Ends every connection and the listening, for good. */
  close(): Promise<void> {
    return this.cut();
  }

  private adopt(server: Server): void {
    this.server = server;
    server.on('connection', (client) => this.forward(client));
  }

  private forward(client: Socket): void {
    const upstream = createConnection({ ...this.target, allowHalfOpen: true });
    const connection = new ProxiedConnection(client, upstream, () => this.connections.delete(connection));
    this.connections.add(connection);
    connection.delay(this.delayMs);
    if (this.paused) connection.pause();
  }
}

async function listen(port: number): Promise<Server> {
  const server = createServer({ allowHalfOpen: true, noDelay: true });
  server.listen({ port, host: HOST, exclusive: true });
  await once(server, 'listening');
  return server;
}
