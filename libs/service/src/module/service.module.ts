import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, DiscoveryModule } from '@nestjs/core';
import { topology } from '@millrace/contracts';
import type { EntityClass } from '@millrace/persistence';
import { EventServers } from '../consumers/event-servers.js';
import { HealthController } from '../health/health.controller.js';
import { ProblemFilter } from '../http/problem.filter.js';
import { EventsController } from '../ops/events.controller.js';
import { KeysController } from '../ops/keys.controller.js';
import { ClosingOrder } from './closing-order.js';
import { databaseProviders } from './database.providers.js';
import { READY_WITHOUT_CONSUMER, StandardChecks } from './standard-checks.js';

/** What a service asks of its surroundings. */
export interface ServiceModuleOptions {
  /** Service name; what it gets follows from its entry in the topology. */
  readonly name: string;
  /** TypeORM entities of its schema. @default [] */
  readonly entities?: readonly EntityClass[];
  /** False for a program without a schema of its own. @default whether the topology knows the name */
  readonly database?: boolean;
  /** True when it takes work over HTTP also while Kafka is away. @default false */
  readonly readyWithoutConsumer?: boolean;
}

/**
 * What every service has, so that none configures it: health, metrics, problem documents and the order of a stop;
 * with a database also `DataSource` and `Transactions`; a producer gets `Outbox` and `CaptureGate`, a consumer its
 * inbox, `/ops/events` and `/ops/keys`.
 */
@Module({})
export class ServiceModule {
  /** The module for one service; global, so that its providers are injectable everywhere. */
  static forService({
    name,
    entities = [],
    database = true,
    readyWithoutConsumer = false,
  }: ServiceModuleOptions): DynamicModule {
    const service = database ? topology.find((each) => each.name === name) : undefined;
    const data = service ? databaseProviders(service, entities) : [];
    const consumes = service !== undefined && service.consumes.length > 0;
    return {
      module: ServiceModule,
      global: true,
      imports: [DiscoveryModule],
      controllers: consumes ? [HealthController, EventsController, KeysController] : [HealthController],
      providers: [
        { provide: APP_FILTER, useClass: ProblemFilter },
        EventServers,
        { provide: READY_WITHOUT_CONSUMER, useValue: readyWithoutConsumer },
        StandardChecks,
        ClosingOrder,
        ...data,
      ],
      exports: data,
    };
  }
}
