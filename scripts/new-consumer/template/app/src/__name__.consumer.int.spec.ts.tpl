import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { {{Event}}, type ViewData } from '@millrace/contracts';
import { EventContext, type ReceivedEvent, type Transaction } from '@millrace/messaging';
import { Transactions } from '@millrace/persistence';
import { createTestDatabase, type TestDatabase } from '@millrace/testing';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { {{View}}, {{Name}}Consumer } from './{{name}}.consumer.js';
import { migrations } from './migrations/index.js';
import { {{Thing}}Entity } from './store/{{thing}}.entity.js';
import { {{Thing}}Store } from './store/{{thing}}.store.js';

type Received = ReceivedEvent<ViewData<typeof {{View}}>>;

const consumer = new {{Name}}Consumer();
let database: TestDatabase;
let transactions: Transactions;
let store: {{Thing}}Store;

beforeAll(async () => {
  database = await createTestDatabase(stack.postgres, {
    schema: '{{schema}}',
    migrations,
    entities: [{{Thing}}Entity],
  });
  transactions = new Transactions(database.dataSource);
  store = new {{Thing}}Store(transactions);
});

afterAll(() => database.drop());

beforeEach(() => database.dataSource.query('TRUNCATE {{table}}'));

/** Ids of events are uuidv7: a later one is higher. */
function eventId(moment: number): string {
  return `01993f6e-8f2b-7c11-9a54-${String(moment).padStart(12, '0')}`;
}

function received(moment: number, data: Partial<Received['data']> = {}): Received {
  const example = {{View}}.read({{Event}}.examples[0]);
  const {{key}} = data.{{key}} ?? randomUUID();
  return {
    id: eventId(moment),
    type: {{Event}}.type,
    source: {{Event}}.source,
    occurredAt: new Date(),
    causationId: eventId(moment),
    key: {{key}},
    data: { ...example, ...data, {{key}} },
    context: ROOT_CONTEXT,
    traceId: '0af7651916cd43dd8448eb211c80319c',
    topic: {{Event}}.topic,
    partition: 0,
    offset: BigInt(moment),
  };
}

function handle(events: readonly Received[]): Promise<void> {
  return transactions.run((tx) => consumer.keep({ events }, new EventContext(tx, '{{name}}')));
}

/** What is kept of an event. */
function kept({ id, data }: Received): {{Thing}}Entity {
  return {
    {{key}}: data.{{key}},
    eventId: id,
{{storedFields}}
  };
}

describe('the effect of {{topic}}', () => {
  it.each({{Event}}.examples)('keeps what the view reads of example %#', async (example) => {
    const event = received(1, {{View}}.read(example));
    await handle([event]);
    expect(await store.find(event.data.{{key}})).toEqual(kept(event));
  });

  it('leaves nothing when its transaction fails', async () => {
    const failing = transactions.run(async (tx) => {
      await consumer.keep({ events: [received(1)] }, new EventContext(tx, '{{name}}'));
      throw new Error('forced');
    });
    await expect(failing).rejects.toThrow('forced');
    expect(await transactions.read('SELECT FROM {{table}}')).toEqual([]);
  });

  it('is the newest event of {{anAggregate}}, whichever comes last', async () => {
    const { {{key}} } = received(0).data;
    const told = (moment: number) => received(moment, { {{key}} });
    const newest = received(4, {
      {{key}},
{{changedFields}}
    });
    await handle([told(2)]);
    await handle([told(1)]);
    expect(await store.find({{key}})).toEqual(kept(told(2)));

    await handle([newest, told(3)]);
    expect(await store.find({{key}})).toEqual(kept(newest));
    expect(await transactions.read('SELECT FROM {{table}}')).toHaveLength(1);
  });

  it('of 500 events is one statement', async () => {
    const events = Array.from({ length: 500 }, (_, index) => received(index));
    let statements = 0;
    await transactions.run((tx) => {
      const counting: Transaction = {
        query: <Row extends object>(sql: string, parameters?: readonly unknown[]) => {
          statements += 1;
          return tx.query<Row>(sql, parameters);
        },
        write: (sql, parameters) => {
          statements += 1;
          tx.write(sql, parameters);
        },
      };
      return consumer.keep({ events }, new EventContext(counting, '{{name}}'));
    });

    expect(statements).toBe(1);
    const rows = await transactions.read<{ event_id: string }>('SELECT event_id FROM {{table}} ORDER BY 1');
    expect(rows.map((row) => row.event_id)).toEqual(events.map(({ id }) => id));
  });
});
