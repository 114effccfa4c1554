import { writeFileSync } from 'node:fs';
import { BenchError } from '../harness/bench.error.js';

const INSPECTOR = 'http://127.0.0.1:9229/json/list';
const SAMPLE_EVERY_US = 500;
const OPENS_WITHIN_MS = 5_000;

/**
 * Writes a CPU profile of another Node process on this machine while the work goes on: SIGUSR1 makes it listen for a
 * debugger. Rejects with `BenchError` CONTESTANT when somebody else listens on that port.
 */
export async function profileProcess(pid: number, file: string, work: Promise<unknown>): Promise<void> {
  process.kill(pid, 'SIGUSR1');
  const inspector = await Inspector.open(await inspectorUrl());
  try {
    const { result } = await inspector.post<{ result: { value: number } }>('Runtime.evaluate', {
      expression: 'process.pid',
    });
    if (result.value !== pid) {
      throw new BenchError('CONTESTANT', 'Another process listens on port 9229: end its debugger first.');
    }
    await inspector.post('Profiler.enable');
    await inspector.post('Profiler.setSamplingInterval', { interval: SAMPLE_EVERY_US });
    await inspector.post('Profiler.start');
    await work;
    const { profile } = await inspector.post<{ profile: unknown }>('Profiler.stop');
    writeFileSync(file, JSON.stringify(profile));
  } finally {
    inspector.close();
  }
}

async function inspectorUrl(): Promise<string> {
  const deadline = Date.now() + OPENS_WITHIN_MS;
  for (;;) {
    const targets = await fetch(INSPECTOR).then(
      async (answer) => (await answer.json()) as { webSocketDebuggerUrl: string }[],
      () => [],
    );
    if (targets[0]) return targets[0].webSocketDebuggerUrl;
    if (Date.now() > deadline) throw new BenchError('CONTESTANT', 'The process opens no debugger port.');
  }
}

/** Chrome's DevTools protocol, one question at a time. */
class Inspector {
  private constructor(private readonly socket: WebSocket) {}

  static async open(url: string): Promise<Inspector> {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve, { once: true });
      socket.addEventListener('error', reject, { once: true });
    });
    return new Inspector(socket);
  }

  post<Result>(method: string, params: object = {}): Promise<Result> {
    const answered = new Promise<Result>((resolve) => {
      this.socket.addEventListener(
        'message',
        ({ data }) => resolve((JSON.parse(String(data)) as { result: Result }).result),
        { once: true },
      );
    });
    this.socket.send(JSON.stringify({ id: 1, method, params }));
    return answered;
  }

  close(): void {
    this.socket.close();
  }
}
