import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { consumersOf, topology } from '@millrace/contracts';
import { deadEvents, ReferenceGroup } from '@millrace/testing/faults';
import { eventually } from '@millrace/testing/runtime';
import { orderBody, placeOrder, type PlacedOrder } from '../support/orders.js';
import {
  JaegerApi,
  parentOf,
  serviceOf,
  tagOf,
  type JaegerSpan,
  type JaegerTrace,
} from './support/jaeger-api.js';
import { ROOT, startObservedStack, type ObservedStack } from './support/observed-stack.js';

const CONSUMERS = consumersOf(topology, 'order.created').map(({ name }) => name);
const PROCESS = 'process order.created';
/** Each service exports in a time of its own: a span may be here before the one above it. */
const LOOKS = { everyMs: 500 };

let observed: ObservedStack;
let jaeger: JaegerApi;

beforeAll(async () => {
  const built = join(ROOT, '.millrace', 'bin', 'jaeger');
  observed = await startObservedStack({ environment: { JAEGER_BINARY: built } });
  jaeger = new JaegerApi(observed.stack.traces ?? '');
});

afterAll(() => observed?.close());

const place = (body?: Record<string, unknown>) => placeOrder(observed.stack.services['order'] ?? '', body);

describe('one order in Jaeger', () => {
  let order: PlacedOrder;
  let trace: JaegerTrace;

  beforeAll(async () => {
    order = await place();
    trace = await eventually(async () => complete(await jaeger.trace(order.traceId)), LOOKS);
  });

  it('is one trace through all services', () => {
    const services = new Set(trace.spans.map((span) => serviceOf(trace, span)));
    expect([...services].toSorted()).toEqual([...CONSUMERS, 'order'].toSorted());
  });

  it('has a parent for every span but the HTTP request', async () => {
    await eventually(async () => {
      const now = await jaeger.trace(order.traceId);
      const { spans } = now;
      const ids = new Set(spans.map(({ spanID }) => spanID));
      const roots = spans.filter((span) => !parentOf(span));
      expect(
        roots.map((span) => [serviceOf(now, span), span.operationName, tagOf(span, 'span.kind')]),
      ).toEqual([['order', 'POST /orders', 'server']]);
      expect(spans.filter((span) => !roots.includes(span) && !ids.has(parentOf(span) ?? ''))).toEqual([]);
    }, LOOKS);
  });

  it.each(CONSUMERS)('shows below its creation how long capture and delivery to %s took', (consumer) => {
    const creation = trace.spans.find(({ operationName }) => operationName === 'create order.created');
    const way = ['capture order.created', 'deliver order.created'].map((name) =>
      trace.spans.find((span) => span.operationName === name && serviceOf(trace, span) === consumer),
    );
    expect(way.map((span) => span && parentOf(span))).toEqual([creation?.spanID, creation?.spanID]);
    const [capture, deliver] = way.map((span) => span?.startTime ?? Number.NaN);
    expect(deliver).toBeGreaterThanOrEqual(capture ?? Number.NaN);
  });

  it('gives Jaeger nothing to warn of: no skewed clock, no span that comes before its parent', async () => {
    await eventually(async () => {
      const { spans, warnings } = await jaeger.trace(order.traceId);
      expect([...(warnings ?? []), ...spans.flatMap((span) => span.warnings ?? [])]).toEqual([]);
    }, LOOKS);
  });

  it('draws an edge of the service graph from the order service to each of the five', async () => {
    await eventually(async () => {
      const edges = (await jaeger.dependencies()).map(({ parent, child }) => `${parent} → ${child}`);
      expect(edges).toEqual(expect.arrayContaining(CONSUMERS.map((name) => `order → ${name}`)));
    }, LOOKS);
  });

  it('has the page that the run links', async () => {
    const link = observed.stack.traceLink(order.traceId);
    expect(link).toBe(`${observed.stack.traces}/trace/${order.traceId}`);
    expect((await fetch(link)).headers.get('content-type')).toMatch(/^text\/html/);
  });
});

describe('an order that fails, dies and is replayed', () => {
  let group: ReferenceGroup;
  let order: PlacedOrder;
  let reached: readonly { readonly trace: JaegerTrace; readonly span: JaegerSpan }[];

  /** The group's spans of this order, by the time they began. */
  const spansOfGroup = async () => {
    const traces = await jaeger.reachedFrom(order.traceId);
    return traces
      .flatMap((trace) => trace.spans.map((span) => ({ trace, span })))
      .filter(({ trace, span }) => serviceOf(trace, span) === group.settings.group)
      .toSorted((one, other) => one.span.startTime - other.span.startTime);
  };

  beforeAll(async () => {
    const { postgres, kafka } = observed.stack;
    const variables = Object.entries(observed.stack.environmentOf('fraud'));
    const environment = Object.fromEntries(variables.filter(([name]) => name.startsWith('OTEL_')));
    // A sixth consumer of the fleet's own topic, whose retries need not be waited for as long as the fleet's.
    group = await ReferenceGroup.create(
      { postgres, kafka, environment },
      { topic: 'order.created', ordering: 'none', retry: ['1s', '2s'] },
    );
    const member = group.start();
    await member.joins();
    const body = orderBody();
    await group.behave([{ name: String(body['customerId']), kind: 'fail' }]);
    order = await place(body);
    await eventually(() => isDead(group, order), LOOKS);
    await group.behaveWell();
    await member.replay();
    // Spans leave a second after their end; the last to end is the attempt that succeeds.
    reached = await eventually(async () => untilSuccess(await spansOfGroup(), order), LOOKS);
  });

  afterAll(() => group?.close());

  it('shows every attempt, the retries and the replay included, each failed one as an error', () => {
    const attempts = reached.filter(({ span }) => isAttempt(span, order));
    expect(attempts.map(({ span }) => tagOf(span, 'error') ?? false)).toEqual([true, true, true, false]);
  });

  it('shows the dead letter between the last attempt and the replay', () => {
    const letter = `send ${group.settings.group}.order.created.dlq`;
    const steps = reached.filter(({ span }) => span.operationName === letter || isAttempt(span, order));
    const names = steps.map(({ span }) => span.operationName);
    expect(names).toEqual([PROCESS, PROCESS, PROCESS, letter, PROCESS]);
  });

  it('reaches the replay, which is a trace of its own, over its link to the order', () => {
    const replay = reached.find(({ span }) => span.operationName === 'replay');
    expect(replay?.trace.traceID).not.toBe(order.traceId);
    const names = replay?.trace.spans.map(({ operationName }) => operationName);
    expect(names).toContain(`send ${group.settings.group}.order.created.replay`);
  });
});

/** The trace, once it shows the order's creation, all consumers and the order's end; throws before. */
function complete(trace: JaegerTrace): JaegerTrace {
  const processed = trace.spans.filter(({ operationName }) => operationName === PROCESS);
  expect(processed.map((span) => serviceOf(trace, span)).toSorted()).toEqual(CONSUMERS.toSorted());
  const names = trace.spans.map(({ operationName }) => operationName);
  const ends = ['create order.created', 'create order.confirmed', 'process order.confirmed'];
  expect(names).toEqual(expect.arrayContaining(ends));
  return trace;
}

/** Whether it is work on that order alone, and no batch or other order that was reached over it. */
function isAttempt(span: JaegerSpan, order: PlacedOrder): boolean {
  return span.operationName === PROCESS && tagOf(span, 'messaging.message.id') === order.eventId;
}

async function isDead(group: ReferenceGroup, order: PlacedOrder): Promise<void> {
  expect(await deadEvents(group)).toEqual([order.eventId]);
}

/** The spans, once an attempt among them has succeeded and the replay has ended; throws before. */
function untilSuccess<Found extends { readonly span: JaegerSpan }>(
  found: readonly Found[],
  order: PlacedOrder,
): readonly Found[] {
  const attempts = found.filter(({ span }) => isAttempt(span, order));
  expect(attempts.map(({ span }) => tagOf(span, 'error') ?? false)).toContain(false);
  expect(found.map(({ span }) => span.operationName)).toContain('replay');
  return found;
}
