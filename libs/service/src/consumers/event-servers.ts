import { Injectable, Optional, type INestApplication } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import {
  ConsumerDefinitionError,
  consumerOptionsOf,
  ConsumerStore,
  createKafkaBroker,
  KafkaEventServer,
  type ConsumerOptions,
} from '@millrace/messaging';
import type { CheckResult } from '../health/readiness.js';
import { ServiceRuntime } from '../module/service-runtime.js';

/** Silence of the coordinator or of the fetch loop after which a consumer that waits for nothing counts as stuck. */
const STUCK_AFTER_MS = 120_000;

/**
 * Ends once, whoever asks: a stop drains it before HTTP closes, and Nest asks again after that. It does not begin
 * after its end, when the stop came in the middle of a start.
 */
class ClosedOnce extends KafkaEventServer {
  private closing: Promise<void> | undefined;

  override listen(callback: (error?: unknown) => void): void {
    if (this.closing) callback();
    else super.listen(callback);
  }

  override close(): Promise<void> {
    return (this.closing ??= super.close());
  }
}

/** The transport strategy of this process; a service has at most one consumer class. */
@Injectable()
export class EventServers {
  private server: KafkaEventServer | undefined;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly runtime: ServiceRuntime,
    @Optional() private readonly store?: ConsumerStore,
  ) {}

  /** True when this service has the tables of a consumer. */
  get expected(): boolean {
    return this.store !== undefined;
  }

  /** Finds the consumer and connects its strategy; `onFatal` hears of a crash that only a new process mends. */
  connect(app: INestApplication, onFatal: (error: unknown) => void): void {
    const options = this.consumer();
    if (!options) return;
    const { name, config } = this.runtime;
    if (!this.store) {
      throw new ConsumerDefinitionError(
        `${name} has a consumer but consumes nothing in its topology: add it there`,
      );
    }
    const broker = createKafkaBroker({ clientId: name, ...config.kafka });
    this.server = new ClosedOnce({ options, broker, store: this.store, onFatal });
    app.connectMicroservice({ strategy: this.server });
  }

  /** Stops dispatch, lets transactions in flight finish, commits and leaves the group. */
  async drain(): Promise<void> {
    await this.server?.close();
  }

  /** Whether the consumer takes part in its group; a held one lives but should get no work. */
  check(): CheckResult {
    if (!this.server) return { ok: false, reason: 'there is no consumer class' };
    const { joined, held } = this.server.condition();
    if (held !== null) return { ok: false, reason: `held: ${held}` };
    return joined ? { ok: true } : { ok: false, reason: 'has not joined its group yet' };
  }

  /** True when only a restart helps: joined, not waiting for anything, and yet silent for two minutes. */
  stuck(): boolean {
    if (!this.server) return false;
    const { joined, held, heartbeatAgeMs, fetchAgeMs } = this.server.condition();
    return joined && held === null && Math.max(heartbeatAgeMs, fetchAgeMs) > STUCK_AFTER_MS;
  }

  private consumer(): ConsumerOptions | undefined {
    const found = this.discovery
      .getControllers()
      .flatMap(({ metatype }) => (typeof metatype === 'function' ? [metatype] : []))
      .flatMap((metatype) => consumerOptionsOf(metatype) ?? []);
    if (found.length > 1) {
      throw new ConsumerDefinitionError(
        `${this.runtime.name} has ${found.length} consumer classes: put their handlers into one`,
      );
    }
    return found[0];
  }
}
