import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { orderLine } from '../../apps/order/src/import/import-client.fixture.js';
import { ImportService } from '../../apps/order/src/import/import-service.fixture.js';

const LINES = 100_000;
/** Lines that are sent at once. */
const PIECE = 100;
const BAD_EVERY = 100;

/** What the heap may grow by between a fifth and the end of the import: a fraction of what is sent meanwhile. */
const GROWTH_BOUND_BYTES = 8 * 1_048_576;

let imports: ImportService;

beforeAll(async () => {
  imports = await ImportService.start(stack.postgres);
});

afterAll(() => imports.stop());

/** Bytes that are in use after a collection, buffers outside of the heap included. */
function inUse(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function lineOf(index: number): string {
  if (index % BAD_EVERY === 0) return orderLine(index, { currency: 'XYZ' });
  return orderLine(index, { customer: { name: `customer ${index} ${'x'.repeat(175)}` } });
}

it(`an import of ${LINES} lines loses none, reports each bad one and needs no more memory at its end than before`, async () => {
  const open = imports.open('long');
  let sent = 0;
  let early = 0;
  for (let from = 1; from <= LINES; from += PIECE) {
    const lines = Array.from({ length: PIECE }, (_, index) => lineOf(from + index));
    await open.send(lines);
    if (from > LINES / 5) sent += lines.reduce((sum, line) => sum + line.length + 1, 0);
    else if (from + PIECE > LINES / 5) early = inUse();
  }
  const growth = inUse() - early;
  const { status, body } = await open.end();

  const refused = Array.from({ length: LINES / BAD_EVERY }, (_, index) => (index + 1) * BAD_EVERY);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    created: LINES - refused.length,
    refusedLines: refused.length,
    refusedCut: false,
  });
  expect((body['refused'] as { line: number }[]).map(({ line }) => line)).toEqual(refused);
  const { orders, events, checksum } = await imports.stored('long');
  expect({ orders, events }).toEqual({ orders: LINES - refused.length, events: LINES - refused.length });
  expect(body).toMatchObject({ orders, checksum });
  expect(sent).toBeGreaterThan(3 * GROWTH_BOUND_BYTES);
  expect(growth).toBeLessThan(GROWTH_BOUND_BYTES);
}, 240_000);
