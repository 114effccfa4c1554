import { randomUUID } from 'node:crypto';
import { EventHeader, OrderCreated } from '@millrace/contracts';
import { createKafkaBroker } from '@millrace/messaging';

/** JSON that breaks the contract of an order. */
const BREAKS_THE_CONTRACT = '{"orderId":"not-a-uuid"}';

/**
 * Writes records to order.created that nobody can read as an order, and gives their event ids: each is a dead letter in
 * every group that reads it.
 */
export async function poisonOrders(
  kafka: string,
  values: readonly string[] = [BREAKS_THE_CONTRACT],
): Promise<readonly string[]> {
  const broker = createKafkaBroker({ clientId: 'poison', brokers: [kafka] });
  const records = values.map((value) => ({ id: randomUUID(), value: Buffer.from(value) }));
  try {
    const place = { topic: OrderCreated.topic, partition: 0, key: Buffer.from('poison') };
    await broker.send(records.map(({ id, value }) => ({ ...place, value, headers: headersOf(id) })));
    return records.map(({ id }) => id);
  } finally {
    await broker.close();
  }
}

function headersOf(id: string): Record<string, string> {
  return {
    [EventHeader.id]: id,
    [EventHeader.type]: OrderCreated.type,
    [EventHeader.source]: '/millrace/order',
    [EventHeader.specVersion]: '1.0',
    [EventHeader.time]: new Date().toISOString(),
    [EventHeader.contentType]: 'application/json',
  };
}
