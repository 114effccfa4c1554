import type { ChildProcess } from 'node:child_process';
import { eventually } from '@millrace/testing/runtime';
import { ended, freePort, startKeeper } from './keeper-program.js';

/** A sample of a metric as `/metrics` shows it. */
export interface MetricSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** `keeper run` in a process of the test's own instead of the stack's, because its address must be known. */
export class RunningKeeper {
  private constructor(
    private readonly process: ChildProcess,
    readonly url: string,
  ) {}

  /** Ends the stack's keeper and starts one like it. */
  static async start(environment: Readonly<Record<string, string>> = {}): Promise<RunningKeeper> {
    await stack.stop('keeper');
    const port = await freePort();
    const urls = Object.entries(stack.services).map(([name, url]) => `${name}=${url}`);
    const process = startKeeper(['run'], {
      ...environment,
      PORT: port,
      HOST: '127.0.0.1',
      SERVICE_URLS: urls.join(','),
    });
    const keeper = new RunningKeeper(process, `http://127.0.0.1:${port}`);
    await eventually(() => keeper.isReady(), { everyMs: 200 });
    return keeper;
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  /** Throws unless it says that it is ready. */
  async isReady(): Promise<void> {
    const answer = await fetch(`${this.url}/health/ready`);
    if (answer.status !== 200) throw new Error(`the keeper is not ready: ${await answer.text()}`);
  }

  /** Samples of a metric that have these labels. */
  async metric(name: string, labels: Readonly<Record<string, string>> = {}): Promise<MetricSample[]> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    return text
      .split('\n')
      .flatMap((line) => {
        const [, found, inside = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
        return found === name ? [{ labels: labelsOf(inside), value: Number(value) }] : [];
      })
      .filter((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value));
  }

  /** The one value of a metric with these labels. */
  async value(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
    const [sample, ...others] = await this.metric(name, labels);
    if (!sample || others.length > 0)
      throw new Error(`${name} has ${others.length + (sample ? 1 : 0)} samples`);
    return sample.value;
  }

  /** Ends it cleanly and lets the stack's keeper take over again. */
  async stop(): Promise<void> {
    this.process.kill('SIGTERM');
    await ended(this.process);
    await stack.start('keeper');
  }
}

function labelsOf(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
}
