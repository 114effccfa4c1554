import { setTimeout as pause } from 'node:timers/promises';
import { encodeEvent, OrderCreated } from '@millrace/contracts';
import { orderCreated } from '@millrace/testing/runtime';
import { Pool, type PoolClient } from 'pg';
import { getDisabledLogger, initializeMessageStorage } from 'pg-transactional-outbox';
import { v7 as uuidv7 } from 'uuid';
import { contest } from '../harness/contestant-process.js';
import { listenerConfig } from '../peers/outbox-consumer.config.js';
import type { EventWriterTask, WrittenEvents } from './event-writer-task.js';
import { LONE_SCHEMA } from './lone-place.js';

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

contest(write);

/** Writes events on a schedule, each in a transaction of its own, into our outbox or the library's. */
async function write({ database, outbox, perSecond, seconds }: EventWriterTask): Promise<WrittenEvents> {
  const pool = new Pool({ connectionString: database, max: 8 });
  const append = outbox === 'ours' ? appendOurs : appendTo(database);
  const events: string[] = [];
  const underWay: Promise<void>[] = [];
  const start = performance.now();
  for (let n = 0; n < perSecond * seconds; n += 1) {
    const early = start + (n * 1_000) / perSecond - performance.now();
    if (early > 0) await pause(early);
    const id = uuidv7();
    events.push(id);
    underWay.push(inTransaction(pool, id, append));
  }
  await Promise.all(underWay);
  await pool.end();
  return { events };
}

type Append = (client: PoolClient, id: string) => Promise<unknown>;

/** A second table keeps the moment of the commit: the library updates its outbox rows. */
async function inTransaction(pool: Pool, id: string, append: Append): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await append(client, id);
    await client.query(`INSERT INTO ${LONE_SCHEMA}.committed VALUES ($1)`, [id]);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}

function appendOurs(client: PoolClient, id: string): Promise<unknown> {
  const order = orderCreated();
  const { aggregate, topic, type, source, dataSchema, contentType } = OrderCreated;
  return client.query(
    `INSERT INTO "order".outbox (id, aggregate_type, aggregate_id, topic, type, source, data_schema,
                                 causation_id, content_type, payload, traceparent)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      ...[id, aggregate, order.orderId, topic, type, source, dataSchema],
      ...[id, contentType, encodeEvent(OrderCreated, order), TRACEPARENT],
    ],
  );
}

function appendTo(database: string): Append {
  const store = initializeMessageStorage(listenerConfig(database), getDisabledLogger());
  return (client, id) => {
    const order = orderCreated();
    const message = {
      id,
      aggregateType: OrderCreated.aggregate,
      aggregateId: order.orderId,
      messageType: OrderCreated.type,
      segment: order.orderId,
      payload: order,
    };
    return store(message, client);
  };
}
