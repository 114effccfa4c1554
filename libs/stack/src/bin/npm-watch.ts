import { basename } from 'node:path';
import { commandOf, identify, isAlive, parentOf, type ProcessIdentity } from '../guard/process-identity.js';

const EVERY_MS = 500;
const FURTHEST = 6;

/**
 * Calls back when the npm that started this program is gone. npm runs scripts through a shell, and neither passes on
 * that npm was killed: without this watch `kill -9` of `npm start` would leave the stack running.
 * Does nothing for a program that npm did not start as one of the scripts; returns how to end the watch.
 */
export function watchNpm(
  scripts: readonly string[],
  onGone: () => void,
  environment: NodeJS.ProcessEnv = process.env,
): () => void {
  const byNpm = environment['npm_config_user_agent']?.startsWith('npm/') ?? false;
  if (!byNpm || !scripts.includes(environment['npm_lifecycle_event'] ?? '')) return () => undefined;
  const chain = ancestorsUpToNpm(process.ppid);
  const check = () => {
    if (chain && chain.every(isAlive)) return;
    clearInterval(timer);
    onGone();
  };
  const timer = setInterval(check, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** The processes from `pid` up to the nearest npm; undefined when there is none, so it must have died before. */
function ancestorsUpToNpm(pid: number): readonly ProcessIdentity[] | undefined {
  const chain: ProcessIdentity[] = [];
  let current: number | undefined = pid;
  while (current !== undefined && current > 0 && chain.length < FURTHEST) {
    const identity = identify(current);
    if (!identity) return undefined;
    chain.push(identity);
    if (isNpm(commandOf(current))) return chain;
    current = parentOf(current);
  }
  return undefined;
}

/** npm names its process `npm start`; before that it is Node with npm's program. Later arguments are anybody's. */
function isNpm(command: string): boolean {
  const [program = '', script = ''] = command.split(' ');
  return basename(program) === 'npm' || ['npm', 'npm-cli.js'].includes(basename(script));
}
