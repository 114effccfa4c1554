import { schemaTypes } from '@millrace/contracts';
import { checker, type FieldError } from '@millrace/service/http';
import { Type } from 'typebox';
import { v5 as uuidv5 } from 'uuid';
import { PlaceOrder } from '../api/orders.schema.js';
import { instantOf } from '../domain/instant.js';
import { OrderRefusedError } from '../domain/order-refused.error.js';
import { newOrder, type Order } from '../domain/order.js';
import { LINE_LIMIT, type Line } from './line-splitter.js';

/** Namespace of the ids of imported orders; another one would place every batch a second time. */
const NAMESPACE = '5c0a3b5e-7f0e-4d61-9c8b-6a1f2f3d4e50';

/** Errors that a refused line is reported with at most. */
const ERRORS_PER_LINE = 5;

/** What one line of an import holds: the body of `POST /orders`, and when the order was placed. */
export const ImportLine = Type.Object(
  { ...PlaceOrder.properties, placedAt: Type.Optional(schemaTypes.Instant()) },
  { additionalProperties: false },
);

/** What a line turned out to be: an order, nothing, or something that is refused, with the places. */
export type ReadLine =
  | { readonly kind: 'order'; readonly order: Order }
  | { readonly kind: 'blank' }
  | { readonly kind: 'refused'; readonly errors: readonly FieldError[] };

const check = checker(ImportLine);
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Id of the order of that line: the same whenever the batch is sent, so that no line is placed twice. */
export function importedOrderId(batchId: string, line: number): string {
  return uuidv5(`${batchId}\n${line}`, NAMESPACE);
}

/** Makes the order of a line; `now` is when it was placed if the line does not say. */
export function readLine({ number, bytes }: Line, batchId: string, now: Date): ReadLine {
  if (!bytes) return refused({ path: '', message: `must not be longer than ${LINE_LIMIT / 1024} KiB` });
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return refused({ path: '', message: 'must be UTF-8 text' });
  }
  if (text.trim() === '') return { kind: 'blank' };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refused({ path: '', message: 'must be JSON text' });
  }
  return orderOf(json, { id: importedOrderId(batchId, number), batchId, placedAt: now });
}

function orderOf(json: unknown, identity: Pick<Order, 'id' | 'placedAt' | 'batchId'>): ReadLine {
  const checked = check(json);
  if (checked.errors) return refused(...checked.errors);
  const { placedAt, ...request } = checked.value;
  try {
    const at = placedAt === undefined ? identity.placedAt : instantOf(placedAt, '/placedAt');
    return { kind: 'order', order: newOrder(request, { ...identity, placedAt: at }) };
  } catch (error) {
    if (error instanceof OrderRefusedError) return refused({ path: error.path, message: error.message });
    throw error;
  }
}

function refused(...errors: readonly FieldError[]): ReadLine {
  return { kind: 'refused', errors: errors.slice(0, ERRORS_PER_LINE) };
}
