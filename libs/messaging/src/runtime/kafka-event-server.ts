import { topology, type ServiceTopology } from '@millrace/contracts';
import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { completeOptions, type ConsumerOptions } from '../api/consumer-options.js';
import { ConsumerDefinitionError } from '../api/errors.js';
import { MILLRACE, type HandlerExtras } from '../api/event-consumer.decorator.js';
import type { EventContext } from '../api/event-context.js';
import type { Broker } from '../ports/broker.port.js';
import { topologyProblems } from '../api/topology-check.js';
import { systemClock, type Clock } from '../ports/clock.js';
import type { ConsumerStore } from '../ports/consumer-store.port.js';
import type { ReplayReport } from '../replay/replay-report.js';
import type { ReplayRequest } from '../replay/replay-request.js';
import { ConsumerRuntime, type ConsumerCondition } from './consumer-runtime.js';
import type { BoundHandler } from '../record/work-item.js';

/** What the transport strategy of one consumer needs. */
export interface KafkaEventServerSettings {
  readonly options: ConsumerOptions;
  readonly broker: Broker;
  readonly store: ConsumerStore;
  /** Called once when the consumer cannot go on: flush and end the process. */
  readonly onFatal: (error: unknown) => void;
  /** @default the machine's clock */
  readonly clock?: Clock;
  /** Version of the service, for dead letters. @default 'unknown' */
  readonly serviceVersion?: string;
  /** Services whose topics exist; the consumer must agree with its entry. @default the fleet's topology */
  readonly services?: readonly ServiceTopology[];
}

/**
 * Nest's transport strategy for Millrace consumers: controllers, DI, pipes, guards and interceptors work as
 * with any transport, while the runtime owns batches, the inbox, retries, dead letters and offsets.
 */
export class KafkaEventServer extends Server implements CustomTransportStrategy {
  override readonly transportId = MILLRACE;
  private runtime: ConsumerRuntime | undefined;

  constructor(private readonly settings: KafkaEventServerSettings) {
    super();
    completeOptions(settings.options);
  }

  /** Starts the consumer; throws `ConsumerDefinitionError` when its handlers do not make sense. */
  listen(callback: (error?: unknown) => void): void {
    const { broker, store, onFatal, clock, serviceVersion, services } = this.settings;
    try {
      const options = completeOptions(this.settings.options);
      const handlers = this.boundHandlers();
      const topics = [...new Set([...handlers.values()].map(({ view }) => view.definition.topic))];
      const problems = topologyProblems(options, topics, services ?? topology);
      if (problems.length > 0) {
        throw new ConsumerDefinitionError(`consumer '${options.group}': ${problems.join('; ')}`);
      }
      this.runtime = new ConsumerRuntime({
        options,
        topics,
        handlers,
        broker,
        store,
        clock: clock ?? systemClock,
        serviceVersion: serviceVersion ?? 'unknown',
        onFatal,
      });
      this.runtime.start();
      callback();
    } catch (error) {
      callback(error);
    }
  }

  /** Drains, commits, leaves the group and closes the connections. */
  async close(): Promise<void> {
    await this.runtime?.stop();
    await this.settings.broker.close();
  }

  /**
   * Replays dead events of a topic that it consumes, to this group only. Throws `ConsumerDefinitionError` before
   * `listen`, `ReplayRequestError` for a request that makes no sense, and `ReplayAbortedError` when broker or database
   * fail on the way.
   */
  async replay(topic: string, request: ReplayRequest): Promise<ReplayReport> {
    if (!this.runtime) throw new ConsumerDefinitionError('a consumer that does not listen yet cannot replay');
    return this.runtime.replay(topic, request);
  }

  /** How the consumer is doing; before `listen` it has not joined. */
  condition(): ConsumerCondition {
    return (
      this.runtime?.condition() ?? {
        group: this.settings.options.group,
        joined: false,
        held: null,
        heartbeatAgeMs: 0,
        fetchAgeMs: 0,
        partitions: 0,
        parkedKeys: 0,
      }
    );
  }

  on(): never {
    throw new ConsumerDefinitionError(
      'a consumer has no transport events; watch its condition() and metrics',
    );
  }

  unwrap<Native>(): Native {
    throw new ConsumerDefinitionError('the Kafka client is not accessible from here; use the broker port');
  }

  private boundHandlers(): Map<string, BoundHandler> {
    const handlers = new Map<string, BoundHandler>();
    for (const [type, handler] of this.messageHandlers) handlers.set(type, bind(type, handler));
    if (handlers.size === 0) {
      throw new ConsumerDefinitionError(`consumer '${this.settings.options.group}' has no @OnEvent handler`);
    }
    return handlers;
  }
}

function bind(type: string, handler: MessageHandler): BoundHandler {
  if (handler.next) throw new ConsumerDefinitionError(`two handlers for '${type}' in one consumer; keep one`);
  const extras = handler.extras as Partial<HandlerExtras> | undefined;
  if (!extras?.view)
    throw new ConsumerDefinitionError(`the handler for '${type}' needs @OnEvent or @OnEachEvent`);
  return {
    view: extras.view,
    each: extras.each === true,
    invoke: async (payload: unknown, context: EventContext) => {
      const answer: unknown = await handler(payload, context);
      if (isObservable(answer)) await lastValueFrom(answer, { defaultValue: undefined });
    },
  };
}
