import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks per second of /proc on Linux. */
const TICKS = 100;

/** CPU seconds by name. */
export type CpuTimes = Readonly<Record<string, number>>;

/** CPU time that each process and its children have used so far; empty where the system has no /proc. */
export function cpuTimes(pids: Readonly<Record<string, number>>): CpuTimes {
  const all = processTicks();
  const times = Object.entries(pids).map(([name, pid]) => {
    const own = all.filter((each) => each.pid === pid || each.parent === pid);
    return [name, own.reduce((sum, { ticks }) => sum + ticks, 0) / TICKS] as const;
  });
  return all.length === 0 ? {} : Object.fromEntries(times);
}

/** What was used between two looks, the most first, in a few words; of `seconds` of wall time. */
export function cpuText(before: CpuTimes, after: CpuTimes, seconds: number): string {
  const used = Object.entries(after).map(([name, time]) => [name, time - (before[name] ?? 0)] as const);
  if (used.length === 0) return 'CPU times are not known on this system';
  const texts = used.toSorted(([, a], [, b]) => b - a).map(([name, time]) => `${name} ${time.toFixed(1)} s`);
  return `${texts.join(', ')} of ${seconds.toFixed(1)} s`;
}

interface Ticks {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
}

/** The ticks of a process include those of its children that have ended. */
function processTicks(): Ticks[] {
  return pidsOf('/proc').flatMap((pid) => {
    try {
      const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The name in parentheses may hold anything; what follows are plain fields, the state first.
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      const ticks = [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field]), 0);
      return [{ pid, parent: Number(fields[1]), ticks }];
    } catch {
      return [];
    }
  });
}

function pidsOf(folder: string): number[] {
  try {
    return readdirSync(folder).flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  } catch {
    return [];
  }
}
