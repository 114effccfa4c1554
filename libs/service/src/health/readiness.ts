/** Answer of one check: whether it lets the service take work, and if not, why. */
export interface CheckResult {
  readonly ok: boolean;
  /** Why not, in a few words, for people. */
  readonly reason?: string;
  /** False for a check that is told and does not decide whether the service is ready. */
  readonly decides?: false;
}

/** Asks one thing that the service needs; a rejection and two seconds of silence both mean no. */
export type ReadinessCheck = () => CheckResult | Promise<CheckResult>;

/** Answer of `GET /health/ready`. */
export interface ReadinessReport {
  readonly status: 'ready' | 'unready';
  readonly checks: Readonly<Record<string, CheckResult>>;
}

const PATIENCE_MS = 2_000;

/** Knows whether this process should be given work: all checks that decide say so and it is not stopping. */
export class Readiness {
  private readonly checks = new Map<string, ReadinessCheck>();
  private readonly told = new Set<string>();
  private readonly stop = new AbortController();

  /** Aborts with the first signal to stop: for work that would take longer than a stop may. */
  readonly stopping: AbortSignal = this.stop.signal;

  /** True from the first signal to stop. */
  get closing(): boolean {
    return this.stopping.aborted;
  }

  /** Adds a check under a name that the report shows; a service adds its own in a constructor. */
  add(name: string, check: ReadinessCheck): void {
    this.checks.set(name, check);
  }

  /** Adds a check that the report shows although the service can take work without it. */
  tell(name: string, check: ReadinessCheck): void {
    this.add(name, check);
    this.told.add(name);
  }

  /** Not ready from now on. */
  close(): void {
    this.stop.abort(new Error('the service is stopping'));
  }

  /** Runs every check, all at once. */
  async report(): Promise<ReadinessReport> {
    const results = await Promise.all(
      [...this.checks].map(async ([name, check]): Promise<readonly [string, CheckResult]> => {
        const answer = await answerOf(check);
        return [name, this.told.has(name) ? { ...answer, decides: false } : answer];
      }),
    );
    const process: CheckResult = this.closing ? { ok: false, reason: 'stopping' } : { ok: true };
    const checks = { process, ...Object.fromEntries(results) };
    const ready = Object.values(checks).every(({ ok, decides }) => ok || decides === false);
    return { status: ready ? 'ready' : 'unready', checks };
  }
}

async function answerOf(check: ReadinessCheck): Promise<CheckResult> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<CheckResult>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, reason: 'no answer' }), PATIENCE_MS);
  });
  try {
    return await Promise.race([Promise.resolve().then(check), silence]);
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message || error.name : 'failed' };
  } finally {
    clearTimeout(timer);
  }
}
