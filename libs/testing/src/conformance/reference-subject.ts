import type { Ordering } from '@millrace/contracts';
import { consumerMigrations, type MigrationClass } from '@millrace/persistence';
import { referenceRecord } from '../reference-consumer/reference-event.js';
import { referenceConsumer } from '../reference-consumer/reference.consumer.js';
import { REFERENCE_SCHEMA, referenceTopology } from '../reference-consumer/reference-settings.js';
import { REFERENCE_TABLES } from '../reference-consumer/reference-tables.js';
import type { ConsumerSubject } from './consumer-subject.js';

type Migration = InstanceType<MigrationClass>;

class ReferenceTables1 implements Migration {
  readonly name = 'ReferenceTables1790000000001';

  async up(runner: Parameters<Migration['up']>[0]): Promise<void> {
    await runner.query(REFERENCE_TABLES);
  }

  async down(runner: Parameters<Migration['up']>[0]): Promise<void> {
    await runner.query('DROP TABLE behaviour, effect');
  }
}

/** The reference consumer with that ordering: nothing but the runtime keeps an event of it from taking effect twice. */
export function referenceSubject(ordering: Ordering): ConsumerSubject {
  const settings = {
    group: `reference-${ordering}`,
    topic: `test.reference-${ordering}`,
    ordering,
    retry: ['5s', '1m', '10m'],
    options: {},
  };
  return {
    consumer: referenceConsumer(settings, async () => []),
    schema: REFERENCE_SCHEMA,
    migrations: [...consumerMigrations, ReferenceTables1],
    services: referenceTopology(settings),
    event: (id) => {
      const { headers, ...record } = referenceRecord(settings.topic, {
        id,
        key: id,
        seq: 0,
        name: id,
        partition: 0,
      });
      return { ...record, headers, timestamp: Date.now() };
    },
    effects: 'SELECT event_id FROM effect',
  };
}
