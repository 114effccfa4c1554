import type { Readable } from 'node:stream';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { CaptureGate } from '@millrace/outbox';
import { chunksOf, unavailable } from '@millrace/service/http';
import { Readiness } from '@millrace/service/module';
import { v7 as uuidv7 } from 'uuid';
import { assertCaptured } from '../intake/place-orders.js';
import type { BatchContents } from '../store/import/import-batch.sql.js';
import { ImportBatches } from './import-batches.js';
import { ImportConfig } from './import.config.js';
import { ImportRun } from './import-run.js';
import { LineSplitter } from './line-splitter.js';
import type { RefusedLine } from './refused-lines.js';

/** What became of an import that was read to its end. */
export interface ImportReport extends BatchContents {
  readonly batchId: string;
  /** Orders that this import placed; the others of the batch existed. */
  readonly created: number;
  readonly refusedLines: number;
  /** The refused lines, by number. */
  readonly refused: readonly RefusedLine[];
  /** True when `refused` lists not all of them. */
  readonly refusedCut: boolean;
}

/**
 * Imports orders from bodies of any length, in bounded memory: a line is read when the ones before it are written or
 * wait in one group. What ends an import early (a broken connection, an error of the infrastructure, a stop) leaves what
 * was committed and a batch that has not ended; the same body sent again completes it.
 */
@Injectable()
export class OrderImporter implements OnModuleDestroy {
  private readonly stop = new AbortController();
  private running = 0;

  constructor(
    private readonly batches: ImportBatches,
    private readonly gate: CaptureGate,
    private readonly config: ImportConfig,
    readiness: Readiness,
  ) {
    readiness.stopping.addEventListener('abort', () => this.onModuleDestroy());
  }

  onModuleDestroy(): void {
    this.stop.abort(
      unavailable('stopping', 'The service is stopping; send the batch again, elsewhere or later.'),
    );
  }

  /**
   * Imports a batch. Throws `BatchBusyError` while another import of it is under way, and a 503 problem while its events
   * would not be captured or as many imports run as may.
   */
  async import(batchId: string, body: Readable): Promise<ImportReport> {
    if (this.running >= this.config.atOnce) {
      throw unavailable('imports-full', 'As many imports are under way as may be; try again later.', 30);
    }
    this.running += 1;
    try {
      await assertCaptured(this.gate);
      return await this.batches.alone(batchId, () => this.run(batchId, body));
    } finally {
      this.running -= 1;
    }
  }

  private async run(batchId: string, body: Readable): Promise<ImportReport> {
    const batch = { batchId, run: uuidv7() };
    await this.batches.begin(batch);
    const run = new ImportRun(this.batches, batch);
    const splitter = new LineSplitter();
    for await (const chunk of chunksOf(body, { idleMs: this.config.idleMs, signal: this.stop.signal })) {
      await assertCaptured(this.gate);
      for (const line of splitter.push(chunk)) await run.take(line);
    }
    for (const line of splitter.end()) await run.take(line);
    await run.flush();
    const contents = await this.batches.end(batch, run.refused.count);
    return {
      batchId,
      ...contents,
      created: run.placed,
      refusedLines: run.refused.count,
      refused: run.refused.list(),
      refusedCut: run.refused.cut,
    };
  }
}
