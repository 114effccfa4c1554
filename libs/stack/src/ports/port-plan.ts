import { freePort, isFree } from './free-port.js';

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

/** Gives everybody a port of its own; a preferred one that is taken is replaced by a free one. */
export async function planPorts(wishes: readonly PortWish[], mode: 'preferred' | 'free'): Promise<PortPlan> {
  const taken = new Set(wishes.flatMap(({ preferred }) => preferred ?? []));
  const ports: Record<string, number> = {};
  const replaced: string[] = [];
  for (const { name, preferred } of wishes) {
    if (mode === 'preferred' && preferred !== undefined && (await isFree(preferred))) {
      ports[name] = preferred;
      continue;
    }
    const port = await freePort(taken);
    taken.add(port);
    ports[name] = port;
    if (mode === 'preferred' && preferred !== undefined) {
      replaced.push(`Port ${preferred} is taken; ${name} listens on ${port} instead.`);
    }
  }
  return { ports, replaced };
}
