import { fleetOrder } from '../backlog/fleet-order.js';
import { HttpLane } from './http-lane.js';
import type { LoadReport, LoadTask, SampledOrder } from './load-task.js';

const CREATED = 201;
const TICK_MS = 5;
const SAMPLE_EVERY_MS = 25;
const DIFFERENT_ORDERS = 2_000;

/** Posts orders at a rate of its own, whether they are answered or not: what cannot be sent yet waits and is counted. */
export class OrderLoad {
  private readonly bodies = Array.from({ length: DIFFERENT_ORDERS }, () => JSON.stringify(fleetOrder()));
  private readonly lanes: HttpLane[];
  private readonly free: HttpLane[];
  /** Times at which orders became due that are not sent yet, oldest first, from `sent` on. */
  private due: number[] = [];
  private sent = 0;
  /** Orders that are sent and not answered, with the time at which they became due; oldest first. */
  private readonly open = new Map<number, number>();
  private rate = 0;
  private owed = 0;
  private lastTick = performance.now();
  private accepted = 0;
  private failed = 0;
  private posted = 0;
  private sampledAt = 0;
  private samples: SampledOrder[] = [];
  private readonly timer: NodeJS.Timeout;

  constructor({ url, connections }: LoadTask) {
    const orders = new URL('/orders', url);
    this.lanes = Array.from({ length: connections }, () => new HttpLane(orders));
    this.free = [...this.lanes];
    this.timer = setInterval(() => this.tick(), TICK_MS);
  }

  /** Goes on at that rate; with 0 what waits is forgotten. Tells what happened since it was asked last. */
  report(rate: number): LoadReport {
    this.rate = rate;
    if (rate === 0) [this.due, this.sent, this.owed] = [[], 0, 0];
    const [oldest = this.due[this.sent]] = this.open.values();
    const report = {
      accepted: this.accepted,
      failed: this.failed,
      waitingMs: oldest === undefined ? 0 : performance.now() - oldest,
      samples: this.samples,
    };
    [this.accepted, this.failed, this.samples] = [0, 0, []];
    return report;
  }

  close(): void {
    clearInterval(this.timer);
    for (const lane of this.lanes) lane.close();
  }

  private tick(): void {
    const now = performance.now();
    this.owed += (this.rate * (now - this.lastTick)) / 1_000;
    this.lastTick = now;
    for (; this.owed >= 1; this.owed -= 1) this.due.push(now);
    this.send();
  }

  private send(): void {
    while (this.sent < this.due.length) {
      const lane = this.free.pop();
      if (!lane) break;
      const order = this.posted;
      this.open.set(order, this.due[this.sent] ?? 0);
      this.sent += 1;
      this.posted += 1;
      lane.post(this.bodies[order % DIFFERENT_ORDERS] ?? '', (status, body) => {
        this.free.push(lane);
        this.open.delete(order);
        this.answered(status, body);
        this.send();
      });
    }
    if (this.sent === this.due.length) [this.due, this.sent] = [[], 0];
  }

  private answered(status: number, body: string): void {
    if (status !== CREATED) {
      this.failed += 1;
      return;
    }
    this.accepted += 1;
    const now = Date.now();
    if (now - this.sampledAt < SAMPLE_EVERY_MS) return;
    this.sampledAt = now;
    const { eventId } = JSON.parse(body) as { eventId: string };
    this.samples.push({ eventId, at: now });
  }
}
