import type { Telemetry } from '@millrace/telemetry';
import type { ServiceConfig } from '../process/service.config.js';

/** What a process knows before its modules are made. */
export interface RuntimeSettings {
  readonly name: string;
  readonly config: ServiceConfig;
  readonly telemetry: Telemetry;
}

/** Name, configuration and telemetry of the running service, injectable everywhere. */
export class ServiceRuntime implements RuntimeSettings {
  /** Service name: also its consumer group. */
  readonly name: string;
  readonly config: ServiceConfig;
  readonly telemetry: Telemetry;

  constructor({ name, config, telemetry }: RuntimeSettings) {
    this.name = name;
    this.config = config;
    this.telemetry = telemetry;
  }
}
