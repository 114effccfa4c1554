import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { prometheusConfiguration, type PrometheusFiles } from '@millrace/observability';
import { eventually } from '@millrace/testing/runtime';
import { stringify } from 'yaml';
import { freePort } from '../../support/keeper-program.js';

/** A Prometheus of a test: on a free port, with its data in a folder that goes with it. */
export class PrometheusServer {
  private constructor(
    private readonly process: ChildProcess,
    private readonly folder: string,
    /** URL of its page and its API. */
    readonly url: string,
  ) {}

  /** Starts the installed Prometheus with our configuration; resolves when it is ready. */
  static async start(files: PrometheusFiles): Promise<PrometheusServer> {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-prometheus-'));
    writeFileSync(join(folder, 'prometheus.yml'), stringify(prometheusConfiguration(files)));
    const address = `127.0.0.1:${await freePort()}`;
    const program = spawn(
      'prometheus',
      [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=${address}`,
        '--log.level=warn',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    const server = new PrometheusServer(program, folder, `http://${address}`);
    const words = program.stderr ? text(program.stderr) : Promise.resolve('');
    try {
      await Promise.race([server.ready(), failure(program, words)]);
    } catch (error) {
      await server.close();
      throw error;
    }
    return server;
  }

  /** Ends it and forgets its data. */
  async close(): Promise<void> {
    if (
      this.process.pid !== undefined &&
      this.process.exitCode === null &&
      this.process.signalCode === null
    ) {
      this.process.kill('SIGTERM');
      await once(this.process, 'exit');
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async ready(): Promise<void> {
    await eventually(async () => {
      const { status } = await fetch(`${this.url}/-/ready`);
      if (status !== 200) throw new Error(`Prometheus is not ready: ${status}`);
    });
  }
}

/** Rejects when the program cannot be started or ends by itself, with what it said. */
async function failure(program: ChildProcess, words: Promise<string>): Promise<never> {
  try {
    await once(program, 'exit');
  } catch (cause) {
    throw new Error('prometheus is missing: install it, on Debian by `apt-get install prometheus`', {
      cause,
    });
  }
  throw new Error(`Prometheus ended: ${await words}`);
}
