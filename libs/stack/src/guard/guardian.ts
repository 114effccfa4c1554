import { type ChildProcess, spawn } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * A small detached process that outlives this one: when this one dies without a goodbye, it ends every process
 * that it was told of (their own signal, SIGKILL after 3 s) and removes the files that it was told of.
 */
export class Guardian {
  /** What a guardian is told of each ward, and of each file: lines of a verb and its words, with tabs between them. */
  readonly #wards = new Map<number, string>();
  readonly #files: string[] = [];
  #child: ChildProcess | undefined;

  constructor() {
    this.#child = this.#spawn();
  }

  /** Pid of the guardian itself; undefined after `dismiss`. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Puts a process under guard, with the signal that asks it to end. */
  add(pid: number, signal: NodeJS.Signals): void {
    const line = `add\t${pid}\t${signal}`;
    this.#wards.set(pid, line);
    this.#tell(line);
  }

  /** Takes a process out of guard: it has ended. */
  remove(pid: number): void {
    this.#wards.delete(pid);
    this.#tell(`remove\t${pid}`);
  }

  /** Names a file that must not outlive the stack. */
  addFile(path: string): void {
    const line = `file\t${path}`;
    this.#files.push(line);
    this.#tell(line);
  }

  /** Sends the guardian away; it touches nothing any more. */
  async dismiss(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.stdin?.end('bye\n');
    await gone;
  }

  #spawn(): ChildProcess {
    // The extension of this file is the guardian's too: `.ts` where sources run, `.js` in a build.
    const program = new URL(`./guardian.main${extname(import.meta.filename)}`, import.meta.url);
    // What is known is said with the start: there is no guardian, however young, that guards nothing.
    const known = [...this.#wards.values(), ...this.#files];
    const child = spawn(process.execPath, ['--no-warnings', fileURLToPath(program), ...known], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      env: {},
      cwd: '/',
    });
    child.stdin?.on('error', () => undefined);
    child.once('exit', () => {
      if (this.#child === child) this.#child = this.#spawn();
    });
    return child;
  }

  #tell(line: string): void {
    this.#child?.stdin?.write(`${line}\n`);
  }
}
