import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { consumersOf, topology } from '@millrace/contracts';
import { eventually } from '@millrace/testing/runtime';
import { placeOrder, type PlacedOrder } from '../support/orders.js';
import { machineWithoutJaeger } from '../support/machine-without-jaeger.js';
import { startObservedStack, type ObservedStack } from './support/observed-stack.js';

const CONSUMERS = consumersOf(topology, 'order.created').map(({ name }) => name);
/** Each service exports in a time of its own: a span may be here before the one above it. */
const LOOKS = { everyMs: 250 };

/** A span in Zipkin's JSON. */
interface ZipkinSpan {
  readonly id: string;
  readonly parentId?: string;
  readonly name: string;
  readonly kind?: string;
  readonly localEndpoint: { readonly serviceName: string };
}

describe('the traces of a machine without Jaeger', () => {
  let folder: string;
  let observed: ObservedStack;
  let order: PlacedOrder;
  let spans: readonly ZipkinSpan[];

  const api = async <Data>(path: string): Promise<Data> => {
    const answer = await fetch(`${observed.stack.traces}/api/v2/${path}`);
    if (answer.status !== 200) throw new Error(`Zipkin answers ${answer.status} to ${path}`);
    return (await answer.json()) as Data;
  };

  const spansOf = ({ traceId }: PlacedOrder) => api<ZipkinSpan[]>(`trace/${traceId}`);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-machine-'));
    observed = await startObservedStack(machineWithoutJaeger(folder));
    order = await placeOrder(observed.stack.services['order'] ?? '');
    spans = await eventually(async () => complete(await spansOf(order)), LOOKS);
  });

  afterAll(async () => {
    await observed?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('go to Zipkin, which the run says along with how to have Jaeger', () => {
    expect(observed.stack.processes()).toHaveProperty('zipkin');
    expect(observed.said).toContainEqual(
      expect.stringMatching(/^Traces go to Zipkin.*JAEGER_BINARY.*npm run jaeger/),
    );
  });

  it('show one order in all services that have to do with it', () => {
    expect(servicesOf(spans)).toEqual([...CONSUMERS, 'order'].toSorted());
  });

  it('keep every parent, up to the one HTTP server span', async () => {
    await eventually(async () => {
      const all = await spansOf(order);
      const ids = new Set(all.map(({ id }) => id));
      const roots = all.filter(({ parentId }) => parentId === undefined);
      expect(roots.map(({ localEndpoint, kind }) => [localEndpoint.serviceName, kind])).toEqual([
        ['order', 'SERVER'],
      ]);
      expect(all.filter(({ parentId }) => parentId !== undefined && !ids.has(parentId))).toEqual([]);
    }, LOOKS);
  });

  it('put the work of each of the five below the creation of the event', () => {
    const creation = spans.find(({ name }) => name === 'create order.created');
    const below = spans.filter(({ parentId }) => parentId === creation?.id);
    expect(creation?.localEndpoint.serviceName).toBe('order');
    expect(servicesOf(below)).toEqual(CONSUMERS.toSorted());
  });

  it('have a page at the link that the run prints', async () => {
    const link = observed.stack.traceLink(order.traceId);
    expect(link).toBe(`${observed.stack.traces}/zipkin/traces/${order.traceId}`);
    const answer = await fetch(link);
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
    expect(await answer.text()).toMatch(/<title>Zipkin<\/title>/);
  });
});

/** The spans, once the order's creation, each consumer's and those of the order's end are there; throws before. */
function complete(spans: readonly ZipkinSpan[]): readonly ZipkinSpan[] {
  const processed = spans.filter(({ name }) => name === 'process order.created');
  expect(servicesOf(processed)).toEqual(CONSUMERS.toSorted());
  const names = spans.map(({ name }) => name);
  const ends = ['create order.created', 'create order.confirmed', 'process order.confirmed'];
  expect(names).toEqual(expect.arrayContaining(ends));
  return spans;
}

function servicesOf(spans: readonly ZipkinSpan[]): string[] {
  return [...new Set(spans.map(({ localEndpoint }) => localEndpoint.serviceName))].toSorted();
}
