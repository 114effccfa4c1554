import { setTimeout as after } from 'node:timers/promises';
import { TestEnvironment as NodeEnvironment } from 'jest-environment-node';

/** Resources that keep a process alive or a port bound; timers are left out because Jest has its own. */
const WATCHED = ['TCPServerWrap', 'TCPSocketWrap', 'PipeWrap', 'ProcessWrap'];

const POLL_MS = 20;
/** Six seconds, counted in looks: a process that stood still has not had the time. */
const LOOKS = 300;

/** Adds to a Jest environment: a test file that leaves a server, socket, pipe or process behind fails. */
export function guarded(Environment) {
  return class extends Environment {
    async setup() {
      await super.setup();
      this.before = countResources();
    }

    async teardown() {
      await super.teardown();
      const leaks = await leaksSince(this.before ?? {});
      if (leaks.length > 0)
        throw new Error(`This file leaves open: ${leaks.join(', ')}. Close them in afterAll.`);
    }
  };
}

/** The environment of the tiers that need no infrastructure. */
export default class GuardedEnvironment extends guarded(NodeEnvironment) {}

/** Polls, since sockets close a moment after their owners, idle ones of fetch after 4 s. */
async function leaksSince(before) {
  for (let left = LOOKS; ; left -= 1) {
    const now = countResources();
    const leaks = WATCHED.filter((name) => (now[name] ?? 0) > (before[name] ?? 0));
    if (leaks.length === 0 || left === 0) {
      return leaks.map((name) => `${name} × ${(now[name] ?? 0) - (before[name] ?? 0)}`);
    }
    await after(POLL_MS);
  }
}

function countResources() {
  const counts = {};
  for (const name of process.getActiveResourcesInfo()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
