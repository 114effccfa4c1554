import { StackError } from '../stack.error.js';
import { ManagedProcess } from './managed-process.js';
import type { ProcessLedger } from '../guard/process-ledger.js';
import type { ProcessSpec } from './process-spec.js';

/** All processes of a stack by name: each is restarted when it dies and written down in the ledger while it lives. */
export class Supervisor {
  readonly #processes = new Map<string, ManagedProcess>();

  constructor(
    private readonly ledger: ProcessLedger,
    private readonly onChange: () => void,
  ) {}

  /** Takes a process into care, held down; a name that is already known keeps its process. */
  add(spec: ProcessSpec): ManagedProcess {
    const known = this.#processes.get(spec.name);
    if (known) return known;
    const added = new ManagedProcess(spec, this.ledger, this.onChange);
    this.#processes.set(spec.name, added);
    return added;
  }

  /** The process of that name; throws `StackError` PROCESS naming those that exist. */
  named(name: string): ManagedProcess {
    const found = this.#processes.get(name);
    if (!found) {
      const names = [...this.#processes.keys()].join(', ') || 'none';
      throw new StackError('PROCESS', `This stack runs no process '${name}'; it runs: ${names}.`);
    }
    return found;
  }

  /** Whether a process of that name is in care. */
  has(name: string): boolean {
    return this.#processes.has(name);
  }

  /** Name → pid of all that live now. */
  living(): Record<string, number> {
    const pairs = [...this.#processes].flatMap(([name, { pid }]) =>
      pid === undefined ? [] : [[name, pid] as const],
    );
    return Object.fromEntries(pairs);
  }

  /** Stops all, one group of names after the other, each group at once; processes that no group names go first. */
  async stopAll(groups: readonly (readonly string[])[]): Promise<void> {
    const named = new Set(groups.flat());
    const others = [...this.#processes.keys()].filter((name) => !named.has(name));
    for (const group of [others, ...groups]) {
      const members = group.flatMap((name) => this.#processes.get(name) ?? []);
      await Promise.allSettled(members.map((member) => member.stop()));
    }
  }
}
