import { randomUUID } from 'node:crypto';
import { createKafkaBroker } from '@millrace/messaging';

/** Writes a record to order.created that is JSON and breaks the contract: a dead letter in every group that reads it. */
export async function poisonOrders(kafka: string): Promise<void> {
  const broker = createKafkaBroker({ clientId: 'poison', brokers: [kafka] });
  try {
    await broker.send([
      {
        topic: 'order.created',
        partition: 0,
        key: Buffer.from('poison'),
        value: Buffer.from('{"orderId":"not-a-uuid"}'),
        headers: {
          ce_id: randomUUID(),
          ce_type: 'order.created',
          ce_source: '/millrace/order',
          ce_specversion: '1.0',
          ce_time: new Date().toISOString(),
          'content-type': 'application/json',
        },
      },
    ]);
  } finally {
    await broker.close();
  }
}
