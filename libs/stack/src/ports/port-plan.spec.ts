import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { freePort, isFree } from './free-port.js';
import { PortClaims } from './port-claims.js';
import { planPorts } from './port-plan.js';

describe('the plan of ports', () => {
  let server: Server;
  let taken: number;
  let claims: PortClaims;

  beforeEach(async () => {
    taken = await freePort(new Set());
    server = createServer().listen(taken, '127.0.0.1');
    await once(server, 'listening');
    claims = new PortClaims();
  });
  afterEach(async () => {
    await claims.release();
    await new Promise((resolve) => server.close(resolve));
  });

  it('replaces a preferred port that is taken and says so', async () => {
    const plan = await planPorts([{ name: 'order', preferred: taken }], 'preferred', claims);
    const port = plan.ports['order'] ?? 0;
    expect(port).not.toBe(taken);
    expect(await isFree(port)).toBe(true);
    expect(plan.replaced).toEqual([`Port ${taken} is taken; order listens on ${port} instead.`]);
  });

  it('gives a preferred port that is free without a word', async () => {
    const free = await freePort(new Set([taken]));
    expect(await planPorts([{ name: 'order', preferred: free }], 'preferred', claims)).toEqual({
      ports: { order: free },
      replaced: [],
    });
  });

  it('gives everybody another free port, below those of outgoing connections, when any will do', async () => {
    const names = Array.from({ length: 20 }, (_, index) => ({ name: `p${index}`, preferred: taken }));
    const plan = await planPorts(names, 'free', claims);
    const ports = Object.values(plan.ports);
    expect(new Set(ports).size).toBe(20);
    expect(ports).not.toContain(taken);
    expect(Math.max(...ports)).toBeLessThan(32_768);
    expect(plan.replaced).toEqual([]);
  });

  it('gives nobody a port that another stack has chosen, although nobody listens there yet', async () => {
    const others = new PortClaims();
    try {
      const one = await planPorts([{ name: 'order' }], 'free', claims);
      const chosen = one.ports['order'] ?? 0;
      const other = await planPorts([{ name: 'order', preferred: chosen }], 'preferred', others);
      expect(other.ports['order']).not.toBe(chosen);
      expect(other.replaced).toHaveLength(1);
    } finally {
      await others.release();
    }
  });

  it('gives a port again that a stack has released', async () => {
    const free = await freePort(new Set([taken]));
    const wish = [{ name: 'order', preferred: free }];
    const others = new PortClaims();
    await planPorts(wish, 'preferred', others);
    await others.release();
    expect((await planPorts(wish, 'preferred', claims)).ports).toEqual({ order: free });
  });
});
