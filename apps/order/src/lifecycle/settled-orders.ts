import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Transactions } from '@millrace/persistence';
import { logger } from '@millrace/telemetry';
import { FIND_SETTLED } from '../store/order-life.sql.js';

/** Pause between two looks while anybody waits, milliseconds. */
const LOOK_EVERY_MS = 50;

const log = logger('order.settled');

type Wake = () => void;

/**
 * Lets requests wait for the end of an order: one statement asks for all orders that are waited for, so a waiter costs
 * the database nothing, and orders that another process ended are seen as well.
 */
@Injectable()
export class SettledOrders implements BeforeApplicationShutdown {
  private readonly waiting = new Map<string, Set<Wake>>();
  private looking = false;
  private closed = false;

  constructor(private readonly transactions: Transactions) {}

  /** Resolves when the order has ended, the time is over, the signal aborts or the service stops. */
  wait(id: string, withinMs: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.closed) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        this.forget(id, wake);
        resolve();
      };
      const timer = setTimeout(wake, withinMs);
      signal.addEventListener('abort', wake, { once: true });
      const others = this.waiting.get(id);
      if (others) others.add(wake);
      else this.waiting.set(id, new Set([wake]));
      if (!this.looking) void this.look();
    });
  }

  /** Lets everybody go, so that a stop waits for no order. */
  beforeApplicationShutdown(): void {
    this.closed = true;
    for (const id of [...this.waiting.keys()]) this.wakeAll(id);
  }

  private async look(): Promise<void> {
    this.looking = true;
    while (this.waiting.size > 0) {
      await this.wakeSettled().catch((error: unknown) =>
        log.warn({ err: error }, 'could not ask which orders have ended; asking again'),
      );
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    this.looking = false;
  }

  private async wakeSettled(): Promise<void> {
    const settled = await this.transactions.read<{ id: string }>(FIND_SETTLED, [[...this.waiting.keys()]]);
    for (const { id } of settled) this.wakeAll(id);
  }

  private wakeAll(id: string): void {
    for (const wake of [...(this.waiting.get(id) ?? [])]) wake();
  }

  private forget(id: string, wake: Wake): void {
    const waiters = this.waiting.get(id);
    waiters?.delete(wake);
    if (waiters?.size === 0) this.waiting.delete(id);
  }
}
