import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

const LOWEST = 20_000;
const HIGHEST = 32_000;

/** Whether nobody listens on the port of 127.0.0.1. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * A free port below the range from which the system takes the local end of outgoing connections. In that range a
 * server that is down for a moment can lose its port to a client, even to the client that tries to reach it. Another
 * range, from its lowest to its highest port, may be given.
 */
export async function freePort(
  taken: ReadonlySet<number>,
  [lowest, highest]: readonly [number, number] = belowEphemeral(),
): Promise<number> {
  for (;;) {
    const port = randomInt(lowest, highest + 1);
    if (!taken.has(port) && (await isFree(port))) return port;
  }
}

function belowEphemeral(): readonly [number, number] {
  const highest = Math.min(HIGHEST, ephemeralStart() - 1);
  return [Math.min(LOWEST, Math.max(1_024, highest - 4_000)), highest];
}

function ephemeralStart(): number {
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s+/)[0]) || 32_768;
  } catch {
    return 49_152;
  }
}
