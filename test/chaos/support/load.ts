import type { ReferenceEvent, ReferenceGroup } from '@millrace/testing/faults';

const EVERY_MS = 100;

/** Produces events at a bounded rate; resolves with those produced once it is stopped or has none left. */
export class Load {
  private stopped = false;
  private readonly running: Promise<void>;
  private count = 0;

  constructor(
    private readonly group: ReferenceGroup,
    private readonly events: readonly ReferenceEvent[],
    private readonly perSecond: number,
  ) {
    this.running = this.run();
  }

  /** Events that the broker has. */
  get produced(): readonly ReferenceEvent[] {
    return this.events.slice(0, this.count);
  }

  /** Ends it and gives the events that were produced. */
  async stop(): Promise<readonly ReferenceEvent[]> {
    this.stopped = true;
    await this.running;
    return this.produced;
  }

  private async run(): Promise<void> {
    const started = performance.now();
    while (!this.stopped && this.count < this.events.length) {
      const due = Math.ceil(((performance.now() - started) / 1_000) * this.perSecond);
      const some = this.events.slice(this.count, Math.max(this.count, due));
      await this.group.produce(some);
      this.count += some.length;
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  }
}
