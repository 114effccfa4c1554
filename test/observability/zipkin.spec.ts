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

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-machine-'));
    observed = await startObservedStack(machineWithoutJaeger(folder));
    order = await placeOrder(observed.stack.services['order'] ?? '');
    spans = await eventually(async () => complete(await api<ZipkinSpan[]>(`trace/${order.traceId}`)), {
      withinMs: 60_000,
      everyMs: 250,
    });
  }, 400_000);

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

  it('keep every parent, up to the one HTTP server span', () => {
    const ids = new Set(spans.map(({ id }) => id));
    const roots = spans.filter(({ parentId }) => parentId === undefined);
    expect(roots.map(({ localEndpoint, kind }) => [localEndpoint.serviceName, kind])).toEqual([
      ['order', 'SERVER'],
    ]);
    expect(spans.filter(({ parentId }) => parentId !== undefined && !ids.has(parentId))).toEqual([]);
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

/** The spans, once each consumer's and those of what followed from the order are there; throws before. */
function complete(spans: readonly ZipkinSpan[]): readonly ZipkinSpan[] {
  const processed = spans.filter(({ name }) => name === 'process order.created');
  expect(servicesOf(processed)).toEqual(CONSUMERS.toSorted());
  expect(spans.map(({ name }) => name)).toContain('process order.confirmed');
  return spans;
}

function servicesOf(spans: readonly ZipkinSpan[]): string[] {
  return [...new Set(spans.map(({ localEndpoint }) => localEndpoint.serviceName))].toSorted();
}
