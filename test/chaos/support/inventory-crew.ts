import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { eventually } from '@millrace/testing/runtime';
import { freePort } from '../../support/keeper-program.js';
import { pick } from './random.js';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const READY_WITHIN_MS = 180_000;

/** One inventory process of the test's own, beside those that the stack keeps. */
class Hand {
  private constructor(
    private readonly child: ChildProcess,
    private readonly url: string,
  ) {}

  static async start(): Promise<Hand> {
    const port = await freePort();
    const child = spawn(process.execPath, [join('apps', 'inventory', 'dist', 'main.js')], {
      cwd: ROOT,
      stdio: 'ignore',
      env: { ...stack.environmentOf('inventory'), LOG_LEVEL: 'warn', PORT: port },
    });
    return new Hand(child, `http://127.0.0.1:${port}`);
  }

  async ready(): Promise<void> {
    await eventually(
      async () => {
        const answer = await fetch(`${this.url}/health/ready`);
        if (answer.status !== 200) throw new Error(`an inventory is not ready: ${await answer.text()}`);
      },
      { withinMs: READY_WITHIN_MS, everyMs: 200 },
    );
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const { child } = this;
    child.kill(signal);
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
}

/** A crowd of inventory processes in one group: the stack's two, and as many of the test's own as it takes. */
export class InventoryCrew {
  private readonly hands: Hand[] = [];

  /** Brings the group to that many processes, all of them ready. */
  static async of(count: number): Promise<InventoryCrew> {
    const crew = new InventoryCrew();
    const kept = stack.replicas['inventory']?.length ?? 0;
    for (let extra = kept; extra < count; extra += 1) crew.hands.push(await Hand.start());
    await Promise.all(crew.hands.map((hand) => hand.ready()));
    return crew;
  }

  /** Ends one of them with SIGKILL and brings another in its place; whom, the dice say. */
  async kill(next: () => number): Promise<void> {
    const kept = Object.keys(stack.processes()).filter((name) => /^inventory(#\d+)?$/.test(name));
    const victim = pick(next, [...kept, ...this.hands]);
    if (typeof victim === 'string') await stack.kill(victim, 'SIGKILL');
    else await this.replace(victim, 'SIGKILL');
  }

  /** Has one of the test's own leave in peace and come again: two rebalances without a session that times out. */
  async shuffle(next: () => number): Promise<void> {
    await this.replace(pick(next, this.hands), 'SIGTERM');
  }

  /** Waits until all are ready again. */
  async settle(): Promise<void> {
    await Promise.all(this.hands.map((hand) => hand.ready()));
    for (const name of Object.keys(stack.processes()).filter((each) => each.startsWith('inventory')))
      await stack.ready(name);
  }

  /** Ends the test's own. */
  async leave(): Promise<void> {
    await Promise.all(this.hands.map((hand) => hand.end('SIGKILL')));
  }

  private async replace(hand: Hand, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    await hand.end(signal);
    this.hands[this.hands.indexOf(hand)] = await Hand.start();
  }
}

/** What the command that reconciles stock says, and its exit code. */
export async function reconcile(): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [join('apps', 'inventory', 'dist', 'reconcile.js')], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: stack.environmentOf('inventory'),
  });
  const output = text(child.stdout);
  await once(child, 'close');
  return { code: child.exitCode, output: await output };
}
