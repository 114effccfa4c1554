import { consumersOf, OrderCreated, topology } from '@millrace/contracts';
import { readRecord } from '@millrace/messaging';
import { followOrder } from '../sample/order-way.js';
import { placeOrder } from '../sample/place-order.js';
import { sampleOrder, sampleStock } from '../sample/sample-data.js';
import { seedStock } from '../sample/stock-seeding.js';
import { isComplete, wayTable } from '../sample/way-table.js';
import type { LocalStack } from '../stack/local-stack.js';
import { say } from './report.js';

const WITHIN_MS = 120_000;

/**
 * Posts one order and prints its way; true when every effect was seen within two minutes.
 * Without the order service there is nothing to post, which counts as true.
 */
export async function runSample(stack: LocalStack): Promise<boolean> {
  const { order, inventory } = stack.services;
  if (inventory !== undefined) await seedStock(inventory, sampleStock);
  if (order === undefined) {
    say('No sample order: the order service was left out.');
    return true;
  }
  const services = consumersOf(topology, OrderCreated.topic).map(({ name }) => name);
  const started = services.filter((name) => name in stack.services);
  const placed = await placeOrder(order, sampleOrder);
  const way = await followOrder(stack, placed, started, readRecord, WITHIN_MS);
  say(`\nThe way of order ${placed.id}:\n`);
  for (const line of wayTable(way, stack.traceLink(placed.traceId))) say(line);
  const note = stack.traceNote(placed.traceId);
  if (note !== undefined) say(`  ${note}`);
  return isComplete(way);
}
