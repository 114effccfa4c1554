const REMIND_EVERY_MS = 5_000;

/** Reports what is being waited for: once when a step ends, and every five seconds while it lasts. */
export class Steps {
  constructor(private readonly report: (step: string) => void) {}

  /** Says one sentence. */
  say(sentence: string): void {
    this.report(sentence);
  }

  /** Runs a step under a name that completes "waiting for …" and "… (2.1 s)". */
  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const startedAt = Date.now();
    const seconds = () => (Date.now() - startedAt) / 1_000;
    const remind = () => this.report(`waiting for ${name} (${seconds().toFixed(0)} s)`);
    const reminder = setInterval(remind, REMIND_EVERY_MS);
    try {
      const result = await work();
      this.report(`${name} (${seconds().toFixed(1)} s)`);
      return result;
    } finally {
      clearInterval(reminder);
    }
  }
}
