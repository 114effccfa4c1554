import { Injectable, Optional } from '@nestjs/common';
import { CaptureGate } from '@millrace/outbox';
import { DataSource } from 'typeorm';
import { EventServers } from '../consumers/event-servers.js';
import { Readiness } from '../health/readiness.js';

/** The checks that every service has, as far as it has the thing: consumer, database, capture. */
@Injectable()
export class StandardChecks {
  constructor(
    readiness: Readiness,
    servers: EventServers,
    @Optional() dataSource?: DataSource,
    @Optional() gate?: CaptureGate,
  ) {
    if (servers.expected) readiness.add('consumer', () => servers.check());
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
