import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A program of a test, run from its TypeScript source in a process of its own. */
export interface SpawnedProgram {
  readonly process: ChildProcess;
  /** Everything that it has written to stdout so far. */
  output(): string;
  /** Everything that it has written to stderr so far. */
  errors(): string;
  /** Resolves once stdout matches; rejects with what there is when it ends or 20 s pass before. */
  prints(pattern: RegExp): Promise<void>;
  /** Resolves with the exit code once it has ended; null when a signal ended it. */
  exit(): Promise<number | null>;
}

const HOOKS = new URL('./typescript-hooks.mjs', import.meta.url).href;
const PATIENCE_MS = 60_000;

/** Starts a TypeScript file as a program that sees only the given environment. */
export function spawnProgram(file: URL, environment: Readonly<Record<string, string>>): SpawnedProgram {
  const child = spawn(
    process.execPath,
    ['--conditions=@millrace/source', `--import=${HOOKS}`, '--no-warnings', fileURLToPath(file)],
    { env: { ...environment }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = once(child, 'close').then(() => child.exitCode);
  return {
    process: child,
    output: () => output,
    errors: () => errors,
    exit: () => ended,
    prints: (pattern) =>
      new Promise((resolve, reject) => {
        const fail = () => reject(new Error(`${file.pathname} did not print ${pattern}: ${output}${errors}`));
        const timer = setTimeout(fail, PATIENCE_MS);
        const look = () => {
          if (!pattern.test(output)) return;
          clearTimeout(timer);
          child.stdout.off('data', look);
          resolve();
        };
        child.stdout.on('data', look);
        child.once('close', () => (pattern.test(output) ? look() : fail()));
        look();
      }),
  };
}
