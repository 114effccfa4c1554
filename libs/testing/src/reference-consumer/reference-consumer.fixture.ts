import 'reflect-metadata';
import { writeSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createKafkaBroker, KafkaEventServer, type ReplayRequest } from '@millrace/messaging';
import { createDataSource, PostgresConsumerStore } from '@millrace/persistence';
import { startTelemetry } from '@millrace/telemetry';
import { referenceConsumer } from './reference.consumer.js';
import {
  REFERENCE_SCHEMA,
  referenceOptions,
  referenceTopology,
  type ReferenceSettings,
} from './reference-settings.js';

/** How often the program looks whether its condition has changed. */
const LOOK_MS = 50;
const TELL_FD = 3;

function tell(line: object): void {
  writeSync(TELL_FD, `${JSON.stringify(line)}\n`);
}

function given(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`the reference consumer needs ${name}`);
  return value;
}

const settings = JSON.parse(given('MILLRACE_TEST_CONSUMER')) as ReferenceSettings;
const telemetry = startTelemetry({ service: settings.group });
const dataSource = createDataSource({
  url: given('DATABASE_URL'),
  schema: REFERENCE_SCHEMA,
  applicationName: settings.group,
});
await dataSource.initialize();

const server = new KafkaEventServer({
  options: referenceOptions(settings),
  broker: createKafkaBroker({ clientId: settings.group, brokers: given('KAFKA_BROKERS').split(',') }),
  store: new PostgresConsumerStore(dataSource),
  services: referenceTopology(settings),
  onFatal: (error) => {
    tell({ fatal: String(error) });
    process.exit(1);
  },
});

@Module({
  controllers: [
    referenceConsumer(settings, (sql, parameters) => dataSource.query(sql, [...(parameters ?? [])])),
  ],
})
class ReferenceModule {}

const app = await NestFactory.createMicroservice(ReferenceModule, { strategy: server, logger: false });
const metrics = createServer((_request, response) => {
  void telemetry.metricsText().then((text) => response.end(text));
}).listen(0, '127.0.0.1', () => tell({ metrics: (metrics.address() as AddressInfo).port }));

let last = '';
function look(): void {
  const { heartbeatAgeMs: _heartbeat, fetchAgeMs: _fetch, ...condition } = server.condition();
  const now = JSON.stringify(condition);
  if (now !== last) tell({ condition });
  last = now;
}

process.once('SIGTERM', () => {
  void app
    .close()
    .then(() => dataSource.destroy())
    .then(() => process.exit(0))
    .catch((error: unknown) => {
      tell({ unclean: String(error) });
      process.exit(1);
    });
});

// A replay, as an operator asks for it: MILLRACE_TEST_REPLAY says which one, SIGUSR2 says when.
process.on('SIGUSR2', () => {
  const request = JSON.parse(given('MILLRACE_TEST_REPLAY')) as ReplayRequest;
  void server.replay(settings.topic, request).then(
    (report) => tell({ replay: report }),
    (error: unknown) => tell({ replay: null, error: String(error) }),
  );
});

await app.listen();
setInterval(look, LOOK_MS);
