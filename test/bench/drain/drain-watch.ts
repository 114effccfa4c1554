import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import type { DrainMeasure, DrainTask, MemoryMark } from './drain-task.js';

const MEMORY_MARKS = 25;
const SAMPLE_EVERY_US = 500;

/** Stands beside a contestant with a stopwatch: told of the first record and of every committed effect. */
export class DrainWatch {
  private readonly left: number[];
  private readonly total: number;
  private readonly memory: MemoryMark[] = [];
  private readonly finished = Promise.withResolvers<void>();
  private readonly profiler: Session | undefined;
  private profile: ReturnType<typeof stopProfiler> | undefined;
  private startedAt: number | undefined;
  private cpuAtStart: NodeJS.CpuUsage | undefined;
  private end: Pick<DrainMeasure, 'seconds' | 'cpuSeconds'> | undefined;
  private effects = 0;

  private constructor(private readonly task: DrainTask) {
    this.left = task.backlog.map((count, partition) => (partition === task.slow?.partition ? 0 : count));
    this.total = this.outstanding;
    this.profiler = task.profile === undefined ? undefined : new Session();
  }

  /** A watch for the task; with a profile its profiler is ready. */
  static async ready(task: DrainTask): Promise<DrainWatch> {
    const watch = new DrainWatch(task);
    watch.profiler?.connect();
    await watch.profiler?.post('Profiler.enable');
    await watch.profiler?.post('Profiler.setSamplingInterval', { interval: SAMPLE_EVERY_US });
    return watch;
  }

  /** Records have been fetched; only the first call counts. */
  fetched(): void {
    if (this.startedAt !== undefined) return;
    void this.profiler?.post('Profiler.start');
    this.startedAt = performance.now();
    this.cpuAtStart = process.cpuUsage();
  }

  /** That many effects of a partition are durable. */
  committed(partition: number, count: number): void {
    this.effects += count;
    const before = this.left[partition] ?? 0;
    this.left[partition] = Math.max(0, before - count);
    if (this.end) return;
    if (this.task.memory) this.markMemory();
    if (this.outstanding === 0) this.stop();
  }

  /** Resolves when every partition that counts is drained. */
  get drained(): Promise<void> {
    return this.finished.promise;
  }

  /** What was measured; call it when nothing is committed any more. */
  async measure(): Promise<DrainMeasure> {
    if (!this.end) throw new Error('nothing was drained yet');
    if (this.task.profile) writeFileSync(this.task.profile, JSON.stringify((await this.profile)?.profile));
    return { ...this.end, drained: this.total, effects: this.effects, memory: this.memory };
  }

  private get outstanding(): number {
    return this.left.reduce((sum, count) => sum + count, 0);
  }

  private stop(): void {
    const { user, system } = process.cpuUsage(this.cpuAtStart);
    const seconds = (performance.now() - (this.startedAt ?? Number.NaN)) / 1_000;
    this.end = { seconds, cpuSeconds: (user + system) / 1e6 };
    this.profile = this.profiler && stopProfiler(this.profiler);
    this.finished.resolve();
  }

  private markMemory(): void {
    const done = 1 - this.outstanding / this.total;
    if (done < (this.memory.length + 1) / MEMORY_MARKS) return;
    globalThis.gc?.();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    this.memory.push({ done, heapBytes: heapUsed, bufferBytes: arrayBuffers });
  }
}

function stopProfiler(profiler: Session) {
  return profiler.post('Profiler.stop');
}
