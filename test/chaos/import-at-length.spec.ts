import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { orderLine, type OpenImport } from '../../apps/order/src/import/import-client.fixture.js';
import { ImportService } from '../../apps/order/src/import/import-service.fixture.js';

const LINES = 100_000;
/** Lines that are sent at once. */
const PIECE = 100;
const BAD_EVERY = 100;
/** The last lines of each half, among which the memory is looked at, and how often. */
const LOOKED_AT = 10_000;
const LOOK_EVERY = 1_000;

/** What the heap may grow by over the second half of the import: a fraction of what is sent meanwhile. */
const GROWTH_BOUND_BYTES = 5 * 1_048_576;

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

/** Sends the lines after `from` up to `to`; what is under way comes and goes, so the least memory toward the end counts. */
async function sendLines(open: OpenImport, from: number, to: number) {
  let bytes = 0;
  let leastInUse = Number.POSITIVE_INFINITY;
  for (let sent = from; sent < to; sent += PIECE) {
    if (to - sent <= LOOKED_AT && sent % LOOK_EVERY === 0) leastInUse = Math.min(leastInUse, inUse());
    const lines = Array.from({ length: PIECE }, (_, index) => lineOf(sent + index + 1));
    await open.send(lines);
    bytes += lines.reduce((sum, line) => sum + line.length + 1, 0);
  }
  return { bytes, leastInUse };
}

it(`an import of ${LINES} lines loses none, reports each bad one and needs no more memory at its end than before`, async () => {
  const open = imports.open('long');
  const first = await sendLines(open, 0, LINES / 2);
  const second = await sendLines(open, LINES / 2, LINES);
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
  expect(second.bytes).toBeGreaterThan(3 * GROWTH_BOUND_BYTES);
  expect(second.leastInUse - first.leastInUse).toBeLessThan(GROWTH_BOUND_BYTES);
});
