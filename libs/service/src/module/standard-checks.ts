import { Inject, Injectable, Optional } from '@nestjs/common';
import { CaptureGate } from '@millrace/outbox';
import { DataSource } from 'typeorm';
import { EventServers } from '../consumers/event-servers.js';
import { Readiness } from '../health/readiness.js';

/** Token: whether a service whose consumer is held or away still takes work over HTTP. */
export const READY_WITHOUT_CONSUMER: unique symbol = Symbol('ready without consumer');

/** The checks that every service has, as far as it has the thing: consumer, database, capture. */
@Injectable()
export class StandardChecks {
  constructor(
    readiness: Readiness,
    servers: EventServers,
    @Inject(READY_WITHOUT_CONSUMER) readyWithoutConsumer: boolean,
    @Optional() dataSource?: DataSource,
    @Optional() gate?: CaptureGate,
  ) {
    const consumer = () => servers.check();
    if (servers.expected && readyWithoutConsumer) readiness.tell('consumer', consumer);
    else if (servers.expected) readiness.add('consumer', consumer);
    if (dataSource) {
      readiness.add('database', async () => {
        await dataSource.query('SELECT 1');
        return { ok: true };
      });
    }
    if (gate) {
      readiness.add('capture', async () =>
        (await gate.open())
          ? { ok: true }
          : { ok: false, reason: 'the publication or the slot is missing: run the keeper' },
      );
    }
  }
}
