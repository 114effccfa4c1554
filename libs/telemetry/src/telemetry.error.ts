/** Telemetry was started a second time in one process; keep the first handle and shut it down before starting again. */
export class TelemetryStartedError extends Error {
  readonly code = 'TELEMETRY_STARTED';

  constructor() {
    super('Telemetry already runs in this process: start it once, in main.ts, and pass the handle on.');
    this.name = 'TelemetryStartedError';
  }
}
