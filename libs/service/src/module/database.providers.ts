import type { Provider } from '@nestjs/common';
import { schemaOf, type ServiceTopology } from '@millrace/contracts';
import { ConsumerStore } from '@millrace/messaging';
import { CaptureGate, Outbox } from '@millrace/outbox';
import {
  createDataSource,
  PostgresConsumerStore,
  Transactions,
  type EntityClass,
} from '@millrace/persistence';
import { preregisterOutbox } from '@millrace/telemetry';
import { DataSource } from 'typeorm';
import { ServiceRuntime } from './service-runtime.js';

/** Providers of a service with a database of its own: data source, transactions, and what its topology calls for. */
export function databaseProviders(service: ServiceTopology, entities: readonly EntityClass[]): Provider[] {
  const schema = schemaOf(service.name);
  const providers: Provider[] = [
    {
      provide: DataSource,
      inject: [ServiceRuntime],
      useFactory: (runtime: ServiceRuntime) => connect(runtime, schema, entities),
    },
    {
      provide: Transactions,
      inject: [DataSource],
      useFactory: (dataSource: DataSource) => new Transactions(dataSource),
    },
  ];
  if (service.produces.length > 0) {
    providers.push({ provide: Outbox, useFactory: () => outboxOf(service) }, captureGate(schema));
  }
  if (service.consumes.length > 0) {
    providers.push({
      provide: ConsumerStore,
      inject: [DataSource],
      useFactory: (dataSource: DataSource) => new PostgresConsumerStore(dataSource),
    });
  }
  return providers;
}

function outboxOf({ produces }: ServiceTopology): Outbox {
  preregisterOutbox(produces.map(({ name }) => name));
  return new Outbox();
}

function captureGate(schema: string): Provider {
  return {
    provide: CaptureGate,
    inject: [DataSource, ServiceRuntime],
    useFactory: (dataSource: DataSource, { config }: ServiceRuntime) =>
      new CaptureGate(dataSource, { slot: config.captureSlot, schema }),
  };
}

async function connect(
  { name, config }: ServiceRuntime,
  schema: string,
  entities: readonly EntityClass[],
): Promise<DataSource> {
  const dataSource = createDataSource({
    url: config.databaseUrl,
    schema,
    entities,
    poolSize: config.databasePoolSize,
    connectTimeoutMs: config.databaseConnectTimeoutMs,
    applicationName: name,
  });
  return dataSource.initialize();
}
