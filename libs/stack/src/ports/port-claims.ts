import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/**
 * Ports that a stack has chosen and nobody listens on yet. Two stacks that start in the same moment both find a port
 * free; the claim tells the second one that it is taken. It is an abstract socket of its own, which Linux knows to be
 * bound and forgets with the process, however that ends; elsewhere a claim always succeeds.
 */
export class PortClaims {
  private readonly held = new Map<number, Server>();

  /** True when nobody else holds the port; then this one does until `release`. */
  async claim(port: number): Promise<boolean> {
    if (this.held.has(port) || process.platform !== 'linux') return true;
    const server = createServer((socket) => socket.destroy());
    server.listen({ path: `\0millrace-port-${port}` });
    try {
      await once(server, 'listening');
    } catch {
      return false;
    }
    server.unref();
    this.held.set(port, server);
    return true;
  }

  /** Gives a port back, or all of them. */
  async release(...ports: readonly number[]): Promise<void> {
    for (const port of ports.length > 0 ? ports : [...this.held.keys()]) {
      const server = this.held.get(port);
      this.held.delete(port);
      await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
    }
  }
}
