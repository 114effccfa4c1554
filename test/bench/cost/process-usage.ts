import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** CPU time and bytes that a process and everything below it used. */
export interface Usage {
  readonly cpuSeconds: number;
  /** Bytes that went to the storage layer; counted when pages are made dirty, so what is overwritten in time counts too. */
  readonly writtenBytes: number;
}

/** Fields of /proc/<pid>/stat from the state on, which follows the program's name in brackets. */
const [PARENT, UTIME, CSTIME] = [1, 11, 14] as const;

let ticksPerSecond: number | undefined;

/** Whether the system tells what processes use. */
export function usageIsKnown(): boolean {
  return existsSync('/proc/self/stat');
}

/**
 * What each tree of processes has used since it began; empty where the system does not tell. A process that ended is
 * in its parent's account, so differences of two readings are complete although database backends come and go.
 */
export function usageNow(pids: Readonly<Record<string, number>>): Record<string, Usage> {
  if (!usageIsKnown()) return {};
  const children = childrenByParent();
  const trees = Object.entries(pids).map(
    ([name, pid]) => [name, sumOf(treeOf(pid, children).map(usageOf))] as const,
  );
  return Object.fromEntries(trees);
}

/** What was used between two readings, by the names of the later one. */
export function usageBetween(
  before: Readonly<Record<string, Usage>>,
  after: Readonly<Record<string, Usage>>,
): Record<string, Usage> {
  const used = Object.entries(after).map(([name, { cpuSeconds, writtenBytes }]) => {
    const then = before[name] ?? { cpuSeconds: 0, writtenBytes: 0 };
    return [
      name,
      { cpuSeconds: cpuSeconds - then.cpuSeconds, writtenBytes: writtenBytes - then.writtenBytes },
    ] as const;
  });
  return Object.fromEntries(used);
}

/** Fields of a stat line that count: the parent, and the ticks of the process and of its children that ended. */
export function readStat(line: string): { readonly parent: number; readonly ticks: number } {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(UTIME, CSTIME + 1).reduce((sum, field) => sum + Number(field), 0);
  return { parent: Number(fields[PARENT]), ticks };
}

/** Bytes written, of /proc/<pid>/io. */
export function readIo(text: string): number {
  return Number(/^write_bytes: (\d+)$/m.exec(text)?.[1] ?? 0);
}

function usageOf(pid: number): Usage {
  const stat = textOf(`/proc/${pid}/stat`);
  return {
    cpuSeconds: stat === '' ? 0 : readStat(stat).ticks / clock(),
    writtenBytes: readIo(textOf(`/proc/${pid}/io`)),
  };
}

function sumOf(usages: readonly Usage[]): Usage {
  return usages.reduce(
    (sum, one) => ({
      cpuSeconds: sum.cpuSeconds + one.cpuSeconds,
      writtenBytes: sum.writtenBytes + one.writtenBytes,
    }),
    { cpuSeconds: 0, writtenBytes: 0 },
  );
}

function childrenByParent(): ReadonlyMap<number, readonly number[]> {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? textOf(`/proc/${name}/stat`) : '';
    if (stat === '') continue;
    const { parent } = readStat(stat);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  return children;
}

function treeOf(pid: number, children: ReadonlyMap<number, readonly number[]>): number[] {
  return [pid, ...(children.get(pid) ?? []).flatMap((child) => treeOf(child, children))];
}

/** The file's text; none when the process has ended or belongs to somebody else. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function clock(): number {
  ticksPerSecond ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return ticksPerSecond;
}
