import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Where an OTLP/HTTP exporter posts spans to. */
export const TRACE_PATH = '/v1/traces';

const PROGRAM = fileURLToPath(new URL('./trace-sink.main.ts', import.meta.url));
const HOOKS = new URL('../../../libs/testing/src/typescript-hooks.mjs', import.meta.url).href;

/** What the sink's process says first. */
export interface SinkReady {
  readonly url: string;
}

/** A receiver of traces that keeps none of them. */
export class TraceSink {
  private constructor(
    private readonly child: ChildProcess,
    /** Base address for OTEL_EXPORTER_OTLP_ENDPOINT. */
    readonly url: string,
  ) {}

  /** Starts it. */
  static async start(): Promise<TraceSink> {
    const child = spawn(process.execPath, ['--no-warnings', `--import=${HOOKS}`, PROGRAM], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const [{ url }] = (await once(child, 'message')) as [SinkReady];
    return new TraceSink(child, url);
  }

  /** Its process id. */
  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Spans that it has received since it started. */
  async spans(): Promise<number> {
    const answer = once(this.child, 'message');
    this.child.send('spans');
    const [{ spans }] = (await answer) as [{ readonly spans: number }];
    return spans;
  }

  /** Ends it. */
  async stop(): Promise<void> {
    const exit = once(this.child, 'exit');
    this.child.disconnect();
    await exit;
  }
}
