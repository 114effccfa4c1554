import { createHistogram, performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { usageBetween, usageNow } from '../cost/process-usage.js';
import type { LoadPhase, LoadTask, PhaseMeasure } from './load-task.js';
import { OrderSender } from './order-sender.js';

const OWN_NAME = 'load';

/** Runs one phase against the service; rejects with the first answer that is wrong. */
export async function runPhase(phase: LoadPhase, { url, watched }: LoadTask): Promise<PhaseMeasure> {
  const sender = new OrderSender(url, phase.connections);
  const pids = { ...watched, [OWN_NAME]: process.pid };
  const before = usageNow(pids);
  const tally = new Tally(phase.seconds);
  try {
    await (phase.perSecond === undefined ? closedLoop(sender, phase, tally) : openLoop(sender, phase, tally));
    return { ...tally.result(), usage: usageBetween(before, usageNow(pids)) };
  } finally {
    await sender.close();
  }
}

/** As many requests under way as there are connections: what the service can take. */
async function closedLoop(sender: OrderSender, { connections }: LoadPhase, tally: Tally): Promise<void> {
  const worker = async () => {
    while (performance.now() < tally.end) {
      const sentAt = performance.now();
      tally.count(await sender.place(), sentAt);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
}

/** Requests on a schedule, each counted from the moment it was due: a service that stalls is charged for it. */
async function openLoop(sender: OrderSender, { perSecond = 1 }: LoadPhase, tally: Tally): Promise<void> {
  const underWay: Promise<void>[] = [];
  let failed = false;
  for (let n = 0; !failed; n += 1) {
    const due = tally.start + (n * 1_000) / perSecond;
    if (due >= tally.end) break;
    const early = due - performance.now();
    if (early > 0) await pause(early);
    const placed = sender.place().then((lines) => tally.count(lines, due));
    placed.catch(() => (failed = true));
    underWay.push(placed);
  }
  await Promise.all(underWay);
}

/** Counts answers and their latencies. */
class Tally {
  readonly start = performance.now();
  readonly end: number;
  private readonly latencies = createHistogram();
  private orders = 0;
  private lines = 0;
  private inTime = 0;

  constructor(private readonly seconds: number) {
    this.end = this.start + seconds * 1_000;
  }

  count(lines: number, since: number): void {
    const now = performance.now();
    this.orders += 1;
    this.lines += lines;
    if (now <= this.end) this.inTime += 1;
    this.latencies.record(Math.max(1, Math.round((now - since) * 1_000)));
  }

  result(): Omit<PhaseMeasure, 'usage'> {
    return {
      orders: this.orders,
      lines: this.lines,
      perSecond: this.inTime / this.seconds,
      p50: this.latencies.percentile(50) / 1_000,
      p99: this.latencies.percentile(99) / 1_000,
      from: performance.timeOrigin + this.start,
      until: performance.timeOrigin + performance.now(),
    };
  }
}
