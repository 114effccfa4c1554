import type { Socket } from 'node:net';

/** One direction of a connection: chunks wait in order until they are due and the gate is open. */
class Direction {
  private tail: Promise<void> = Promise.resolve();
  private delayMs = 0;
  private full = false;
  private gate: Promise<void> | undefined;
  private openGate: (() => void) | undefined;

  constructor(
    private readonly from: Socket,
    private readonly to: Socket,
  ) {
    from.on('data', (chunk: Buffer) => this.pass(() => this.write(chunk)));
    from.on('end', () => this.pass(() => void to.end()));
  }

  delay(milliseconds: number): void {
    this.delayMs = milliseconds;
  }

  pause(): void {
    if (this.gate) return;
    this.gate = new Promise((resolve) => (this.openGate = resolve));
    this.from.pause();
  }

  resume(): void {
    this.gate = undefined;
    this.openGate?.();
    this.from.resume();
  }

  private pass(step: () => void): void {
    const due = performance.now() + this.delayMs;
    this.tail = this.tail.then(async () => {
      const wait = due - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      while (this.gate) await this.gate;
      if (!this.to.destroyed) step();
    });
  }

  private write(chunk: Buffer): void {
    if (this.to.write(chunk) || this.full) return;
    this.full = true;
    this.from.pause();
    this.to.once('drain', () => {
      this.full = false;
      if (!this.gate) this.from.resume();
    });
  }
}

/** The two sockets of one proxied connection: what happens to one of them happens to the other. */
export class ProxiedConnection {
  private readonly directions: readonly Direction[];

  constructor(
    private readonly client: Socket,
    private readonly upstream: Socket,
    onClosed: () => void,
  ) {
    this.directions = [new Direction(client, upstream), new Direction(upstream, client)];
    for (const socket of [client, upstream]) {
      socket.on('error', () => this.destroy());
      socket.on('close', () => {
        if (socket.errored) this.destroy();
        if (client.destroyed && upstream.destroyed) onClosed();
      });
    }
  }

  /** Resets both ends. */
  destroy(): void {
    // A held-back direction would otherwise wait for ever.
    this.resume();
    for (const socket of [this.client, this.upstream]) if (!socket.destroyed) socket.resetAndDestroy();
  }

  /** Forwards nothing. */
  pause(): void {
    this.directions.forEach((direction) => direction.pause());
  }

  /** Forwards again. */
  resume(): void {
    this.directions.forEach((direction) => direction.resume());
  }

  /** Forwards each chunk that many milliseconds after it came. */
  delay(milliseconds: number): void {
    this.directions.forEach((direction) => direction.delay(milliseconds));
  }
}
