const REMIND_EVERY_MS = 5_000;

/** Reports what is being waited for: once when a step ends, and every five seconds all steps that last. */
export class Steps {
  readonly #running = new Map<string, number>();
  #reminder: NodeJS.Timeout | undefined;

  constructor(private readonly report: (step: string) => void) {}

  /** Says one sentence. */
  say(sentence: string): void {
    this.report(sentence);
  }

  /** Runs a step under a name that completes "waiting for … 5 s" and "… (2.1 s)". */
  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const startedAt = Date.now();
    this.#running.set(name, startedAt);
    this.#reminder ??= setInterval(() => this.#remind(), REMIND_EVERY_MS);
    try {
      const result = await work();
      this.report(`${name} (${((Date.now() - startedAt) / 1_000).toFixed(1)} s)`);
      return result;
    } finally {
      this.#running.delete(name);
      if (this.#running.size === 0) this.#stopReminding();
    }
  }

  #remind(): void {
    const lasting = [...this.#running].map(
      ([name, since]) => `${name} ${Math.floor((Date.now() - since) / 1_000)} s`,
    );
    this.report(`waiting for ${lasting.join(', ')}`);
  }

  #stopReminding(): void {
    clearInterval(this.#reminder);
    this.#reminder = undefined;
  }
}
