// A program of its own that imports nothing of ours: it runs from the sources under Jest and from the build otherwise.
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

const GRACE_MS = 3_000;
const wards = new Map<number, NodeJS.Signals>();
const files: string[] = [];
let dismissed = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

/** Takes one line of what this process is told: a verb and its words, with tabs between them. */
function heed(line: string): void {
  const [verb, first = '', second] = line.split('\t');
  if (verb === 'add') wards.set(Number(first), (second ?? 'SIGTERM') as NodeJS.Signals);
  if (verb === 'remove') wards.delete(Number(first));
  if (verb === 'file') files.push(first);
  if (verb === 'bye') dismissed = true;
}

process.argv.slice(2).forEach(heed);
const lines = createInterface({ input: process.stdin });
lines.on('line', heed);
lines.on('close', () => {
  if (!dismissed) void endAll();
});

async function endAll(): Promise<void> {
  for (const [pid, signal] of wards) send(pid, signal);
  const deadline = Date.now() + GRACE_MS;
  while (wards.size > 0 && Date.now() < deadline) {
    await pause(50);
    // A ward that is seen dead is forgotten, so that its pid may be given to another process.
    for (const pid of wards.keys()) if (!send(pid, 0)) wards.delete(pid);
  }
  for (const pid of wards.keys()) send(pid, 'SIGKILL');
  for (const file of files) rmSync(file, { force: true });
}

function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
