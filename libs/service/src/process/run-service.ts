import { startTelemetry } from '@millrace/telemetry';
import { startFailure } from './start-failure.js';

/** A service as its main.ts describes it. */
export interface ServiceOptions {
  /** Service name, as the topology has it. */
  readonly name: string;
  /** Imports the root module; called after telemetry has started, so that what it imports is instrumented. */
  readonly load: () => Promise<new (...arguments_: never[]) => object>;
  /** Preferred port of a program that the topology does not know. */
  readonly port?: number;
}

/**
 * Runs a service until a signal stops it: telemetry, configuration, Nest, consumer, HTTP. What keeps it from
 * starting is one message on stderr and exit code 1.
 */
export async function runService(options: ServiceOptions): Promise<void> {
  try {
    const telemetry = startTelemetry({ service: options.name });
    const { serve } = await import('./serve.js');
    await serve(options, telemetry);
  } catch (error) {
    process.stderr.write(startFailure(options.name, error));
    process.exit(1);
  }
}
