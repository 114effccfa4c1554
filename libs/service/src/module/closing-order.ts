import { Injectable, Optional, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ServiceRuntime } from './service-runtime.js';

/** The last steps of a stop, after HTTP and consumers have ended: telemetry leaves, then the pool ends. */
@Injectable()
export class ClosingOrder implements OnApplicationShutdown {
  constructor(
    private readonly runtime: ServiceRuntime,
    @Optional() private readonly dataSource?: DataSource,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.runtime.telemetry.shutdown();
    if (this.dataSource?.isInitialized) await this.dataSource.destroy();
  }
}
