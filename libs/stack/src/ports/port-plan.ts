import { freePort, isFree } from './free-port.js';
import type { PortClaims } from './port-claims.js';

/** Something that listens: its name and the port that it would like. */
export interface PortWish {
  readonly name: string;
  /** Unset: any free port. */
  readonly preferred?: number;
}

/** Who listens where. */
export interface PortPlan {
  readonly ports: Readonly<Record<string, number>>;
  /** One sentence for each wish that could not be met. */
  readonly replaced: readonly string[];
}

/**
 * Gives everybody a port of its own; a preferred one that is taken, or claimed by a stack that starts as well, is
 * replaced by a free one. The claims hold until they are released.
 */
export async function planPorts(
  wishes: readonly PortWish[],
  mode: 'preferred' | 'free',
  claims: PortClaims,
): Promise<PortPlan> {
  const taken = new Set(wishes.flatMap(({ preferred }) => preferred ?? []));
  const ports: Record<string, number> = {};
  const replaced: string[] = [];
  for (const { name, preferred } of wishes) {
    if (mode === 'preferred' && preferred !== undefined && (await claimed(preferred, claims))) {
      ports[name] = preferred;
      continue;
    }
    const port = await anotherPort(taken, claims);
    ports[name] = port;
    if (mode === 'preferred' && preferred !== undefined) {
      replaced.push(`Port ${preferred} is taken; ${name} listens on ${port} instead.`);
    }
  }
  return { ports, replaced };
}

async function anotherPort(taken: Set<number>, claims: PortClaims): Promise<number> {
  for (;;) {
    const port = await freePort(taken);
    taken.add(port);
    if (await claimed(port, claims)) return port;
  }
}

/** Claims first and looks then: whoever holds a claim may not listen yet, and who listens may hold none. */
async function claimed(port: number, claims: PortClaims): Promise<boolean> {
  if (!(await claims.claim(port))) return false;
  if (await isFree(port)) return true;
  await claims.release(port);
  return false;
}
