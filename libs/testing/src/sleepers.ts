/** Somebody who sleeps until a moment of a virtual clock. */
export interface Sleeper {
  /** Milliseconds since the epoch. */
  readonly due: number;
  readonly wake: () => void;
}

/** Whoever sleeps by a clock that a test moves. */
export class Sleepers {
  private readonly all = new Set<Sleeper>();

  /** How many sleep now. */
  get size(): number {
    return this.all.size;
  }

  /** Resolves when it is woken, or at once when the signal aborts; never rejects. */
  sleepUntil(due: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const wake = () => {
        this.all.delete(sleeper);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper = { due, wake };
      this.all.add(sleeper);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }

  /** Who is due first, not later than that moment. */
  earliest(notAfter: number): Sleeper | undefined {
    const [next] = [...this.all].filter(({ due }) => due <= notAfter).sort((a, b) => a.due - b.due);
    return next;
  }
}
