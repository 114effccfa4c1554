/** How long a stop may take in milliseconds: the longest drain and a margin for what follows it. */
const STOP_WITHIN_MS = 30_000;

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Stops the process in order on the first SIGTERM or SIGINT, exit code 0. The same signal a second time ends it at
 * once with code 1, as does a stop that fails or takes longer than 30 s. (Another signal does not: a terminal's
 * Ctrl-C reaches a process and its supervisor, which then sends SIGTERM.)
 */
export function stopOnSignals(
  stop: (signal: string) => Promise<void>,
  onProblem: (problem: unknown) => void,
): void {
  const seen = new Set<string>();
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (seen.has(signal)) return void process.exit(1);
      seen.add(signal);
      if (seen.size === 1) void stopWithin(() => stop(signal), onProblem).then((code) => process.exit(code));
    });
  }
}

/** Runs a stop to its end or to its deadline and tells the exit code. */
export async function stopWithin(
  stop: () => Promise<void>,
  onProblem: (problem: unknown) => void,
  deadlineMs = STOP_WITHIN_MS,
): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`stopping took longer than ${deadlineMs} ms`)), deadlineMs);
  });
  try {
    await Promise.race([stop(), late]);
    return 0;
  } catch (problem) {
    onProblem(problem);
    return 1;
  } finally {
    clearTimeout(timer);
  }
}
