import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isSpanContextValid, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { hrTimeToMicroseconds, hrTimeToMilliseconds } from '@opentelemetry/core';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace';
import { keepingSampler } from '../sampler.js';
import { setTracePolicy } from '../trace-policy.js';
import { traceparentIn, traceparentOf } from '../traceparent.js';
import { drawBatch } from './batch-span.js';
import { startCreateSpan } from './create-span.js';
import { startProcessSpan, type ProcessedRecord } from './process-span.js';
import { startReplaySpan } from './replay-span.js';
import { startSendSpan } from './send-span.js';

const exporter = new InMemorySpanExporter();
const DLQ = 'fraud.order.created.dlq';
const record: ProcessedRecord = {
  type: 'order.created',
  topic: 'order.created',
  partition: 3,
  offset: 42n,
  group: 'fraud',
};

function traceWith(samplingRatio: number): void {
  trace.disable();
  trace.setGlobalTracerProvider(
    new TracerProvider({
      sampler: keepingSampler(samplingRatio),
      spanProcessors: [new SimpleSpanProcessor({ exporter })],
    }),
  );
}

function spansNamed(name: string): ReadableSpan[] {
  return exporter.getFinishedSpans().filter((finished) => finished.name === name);
}

function spanNamed(name: string): ReadableSpan {
  const [span] = spansNamed(name);
  if (span === undefined) throw new Error(`No span ${name} among ${exporter.getFinishedSpans().length}`);
  return span;
}

function created(): { readonly traceparent: string; readonly span: ReadableSpan } {
  const create = startCreateSpan({ type: 'order.created', topic: 'order.created', key: 'o-1' }, ROOT_CONTEXT);
  create.end();
  return { traceparent: create.traceparent, span: spanNamed('create order.created') };
}

/** A header that names an own span, of the n-th trace. */
function header(n: number, flags = '01'): string {
  return `00-${n.toString(16).padStart(32, '0')}-${n.toString(16).padStart(16, '0')}-${flags}`;
}

function idOf(span: ReadableSpan): string {
  return span.spanContext().spanId;
}

function parentOf(span: ReadableSpan): string | undefined {
  return span.parentSpanContext?.spanId;
}

function linksOf(span: ReadableSpan): string[] {
  return span.links.map(({ context }) => context.spanId);
}

/** Keeps the thread busy until so many milliseconds have passed, parts of one too. */
function spin(forMs: number): void {
  const until = performance.now() + forMs;
  while (performance.now() < until);
}

beforeEach(() => traceWith(1));
afterEach(() => {
  exporter.reset();
  setTracePolicy({ continuation: 'parent', exported: true });
  trace.disable();
});

describe('the spans of an event', () => {
  it('make one trace from creation to processing, linked and parented', () => {
    const { traceparent, span: create } = created();
    const process = startProcessSpan({ ...record, eventId: 'e-1', traceparent });
    process.end();
    const processed = spanNamed('process order.created');
    expect([create.kind, processed.kind]).toEqual([SpanKind.PRODUCER, SpanKind.CONSUMER]);
    expect(parentOf(processed)).toBe(idOf(create));
    expect(linksOf(processed)).toEqual([idOf(create)]);
    expect(process.traceId).toBe(create.spanContext().traceId);
    expect(processed.attributes).toEqual({
      'messaging.system.name': 'kafka',
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.destination.name': 'order.created',
      'messaging.destination.partition.id': '3',
      'messaging.consumer.group.name': 'fraud',
      'messaging.kafka.offset': 42,
      'messaging.message.id': 'e-1',
    });
  });

  it('show capture and delivery below the creation, from one place to the next', () => {
    const { traceparent, span: create } = created();
    const way = {
      occurredAt: 1_700_000_000_000,
      appendedAt: 1_700_000_000_040,
      receivedAt: 1_700_000_000_055,
    };
    startProcessSpan({ ...record, traceparent, way }).end();
    const drawn = ['capture order.created', 'deliver order.created'].map(spanNamed);
    expect(drawn.map(parentOf)).toEqual([idOf(create), idOf(create)]);
    expect(drawn.map(({ startTime, endTime }) => [startTime, endTime].map(hrTimeToMilliseconds))).toEqual([
      [way.occurredAt, way.appendedAt],
      [way.appendedAt, way.receivedAt],
    ]);
    expect(drawn.map(({ attributes }) => attributes['messaging.consumer.group.name'])).toEqual([
      'fraud',
      'fraud',
    ]);
  });

  it('always have a length, though clocks disagree or a place was passed at once', () => {
    const way = {
      occurredAt: 1_700_000_000_050,
      appendedAt: 1_700_000_000_000,
      receivedAt: 1_700_000_000_000,
    };
    startProcessSpan({ ...record, traceparent: header(1), way }).end();
    for (const { startTime, endTime } of exporter.getFinishedSpans())
      expect(hrTimeToMicroseconds(endTime)).toBeGreaterThan(hrTimeToMicroseconds(startTime));
    expect(exporter.getFinishedSpans()).toHaveLength(3);
  });

  it('lie within what they are part of, to the microsecond', () => {
    const parts = Array.from({ length: 100 }, (_, n) => {
      const process = startProcessSpan({ ...record, traceparent: header(n + 1) });
      spin(Math.random());
      const send = startSendSpan({ group: 'fraud', topic: DLQ }, process);
      spin(Math.random());
      send.end();
      process.end();
      return [`process ${record.type}`, `send ${DLQ}`].map((name) => spansNamed(name).at(-1)!);
    });
    const outside = parts
      .map((spans) =>
        spans.flatMap(({ startTime, endTime }) => [startTime, endTime].map(hrTimeToMicroseconds)),
      )
      .filter(([from = 0, to = 0, partFrom = 0, partTo = 0]) => partFrom < from || partTo > to);
    expect(outside).toEqual([]);
  });

  it('create takes its parent from the cause that is given', () => {
    const cause = startProcessSpan(record);
    startCreateSpan({ type: 'fraud.assessed', topic: 'fraud.assessed' }, cause.context).end();
    cause.end();
    expect(parentOf(spanNamed('create fraud.assessed'))).toBe(idOf(spanNamed('process order.created')));
  });

  it.each([
    ['comes twice', [header(7), header(7)]],
    ['is quoted', `"${header(7)}"`],
    ['is the text null', Buffer.from('null')],
    ['is empty', ''],
  ])('start a new trace without a link when the header %s', (_, traceparent) => {
    startProcessSpan({ ...record, traceparent, way: { occurredAt: 1, appendedAt: 2, receivedAt: 3 } }).end();
    const [processed, ...others] = exporter.getFinishedSpans();
    expect(others).toEqual([]);
    expect([processed?.parentSpanContext, processed?.links]).toEqual([undefined, []]);
    expect(processed?.spanContext().traceId).not.toBe(header(7).slice(3, 35));
  });

  it('are traces of their own that link the creation, when consumers are to link only', () => {
    setTracePolicy({ continuation: 'link', exported: true });
    const { traceparent, span: create } = created();
    startProcessSpan({ ...record, traceparent }).end();
    const processed = spanNamed('process order.created');
    expect(parentOf(processed)).toBeUndefined();
    expect(processed.spanContext().traceId).not.toBe(create.spanContext().traceId);
    expect(linksOf(processed)).toEqual([idOf(create)]);
  });

  it('cost nothing and still give a valid traceparent when telemetry is off', () => {
    trace.disable();
    const create = startCreateSpan({ type: 'order.created', topic: 'order.created' }, ROOT_CONTEXT);
    create.end();
    expect(create.traceparent).toMatch(/^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-00$/);
    expect(startProcessSpan({ ...record, traceparent: create.traceparent }).traceId).toBe(create.traceId);
    expect(startProcessSpan(record).traceId).toBeUndefined();
  });
});

describe('the spans of an event that fails', () => {
  it('note local retries on the way and are no errors when the last try succeeds', () => {
    const process = startProcessSpan(record);
    process.event('retry', { attempt: 1 });
    process.end();
    const { status, events } = spanNamed('process order.created');
    expect(events.map(({ name }) => name)).toEqual(['retry']);
    expect(status.code).toBe(SpanStatusCode.UNSET);
  });

  it('end with the class or code of the error and without its message', () => {
    const process = startProcessSpan(record);
    process.end(Object.assign(new Error('card 4111 refused'), { code: '23505' }));
    const { status, attributes } = spanNamed('process order.created');
    expect(status).toEqual({ code: SpanStatusCode.ERROR, message: '23505' });
    expect(attributes['error.type']).toBe('23505');
    expect(JSON.stringify([status, attributes])).not.toContain('4111');
  });

  it('stay in one trace while a retry comes soon, and link the attempt before', () => {
    const { traceparent, span: create } = created();
    const first = startProcessSpan({ ...record, traceparent });
    startSendSpan({ group: 'fraud', topic: 'fraud.order.created.retry.5s' }, first).end();
    first.end(new Error('away'));
    const again = startProcessSpan({ ...record, traceparent, previous: traceparentIn(first.context) });
    again.end();
    const [failed, second] = spansNamed('process order.created');
    expect(parentOf(spanNamed('send fraud.order.created.retry.5s'))).toBe(idOf(failed!));
    expect(parentOf(second!)).toBe(idOf(create));
    expect(linksOf(second!)).toEqual([idOf(create), idOf(failed!)]);
  });

  it('begin a new trace after a long wait, linked to the creation and to the attempt before', () => {
    const { traceparent, span: create } = created();
    startProcessSpan({ ...record, traceparent, previous: header(9), apart: true }).end();
    const late = spanNamed('process order.created');
    expect(parentOf(late)).toBeUndefined();
    expect(late.spanContext().traceId).not.toBe(create.spanContext().traceId);
    expect(linksOf(late)).toEqual([idOf(create), header(9).slice(36, 52)]);
  });

  it('end in the trace of the event with the dead letter, also after a trace of their own', () => {
    const { traceparent, span: create } = created();
    const late = startProcessSpan({ ...record, traceparent, apart: true });
    startSendSpan({ group: 'fraud', topic: DLQ, died: 'EXHAUSTED' }, late).end();
    late.end(new Error('away'));
    const letter = spanNamed(`send ${DLQ}`);
    expect([letter.kind, letter.attributes['millrace.dead_letter.reason']]).toEqual([
      SpanKind.PRODUCER,
      'EXHAUSTED',
    ]);
    expect(parentOf(letter)).toBe(idOf(create));
    expect(linksOf(letter)).toEqual([idOf(spanNamed('process order.created'))]);
  });

  it('are kept with their dead letter, in their trace, although sampling drops the rest', () => {
    traceWith(0);
    const traceparent = header(5, '00');
    startProcessSpan({ ...record, traceparent }).end();
    startSendSpan({ group: 'fraud', topic: 'retry' }, startProcessSpan({ ...record, traceparent })).end();
    expect(exporter.getFinishedSpans()).toEqual([]);
    const process = startProcessSpan({ ...record, traceparent });
    process.keep();
    startSendSpan({ group: 'fraud', topic: DLQ, died: 'DECODE' }, process).end();
    process.end(new Error('broken'));
    const [letter, processed] = exporter.getFinishedSpans();
    expect([letter?.name, processed?.name]).toEqual([`send ${DLQ}`, 'process order.created']);
    expect(parentOf(letter!)).toBe(idOf(processed!));
    expect(parentOf(processed!)).toBe(traceparent.slice(36, 52));
    expect(letter?.spanContext().traceId).toBe(traceparent.slice(3, 35));
  });

  it('are replayed below a replay of its own, and link creation, last attempt and replay', () => {
    const { traceparent, span: create } = created();
    const replay = startReplaySpan({ group: 'fraud', topic: 'order.created', replayId: 'r-1' });
    const sending = replay.send('fraud.order.created.replay', traceparent);
    sending.end();
    replay.end();
    startProcessSpan({ ...record, traceparent, previous: header(9), replay: sending.traceparent }).end();
    const root = spanNamed('replay');
    const sent = spanNamed('send fraud.order.created.replay');
    expect(parentOf(root)).toBeUndefined();
    expect([parentOf(sent), linksOf(sent)]).toEqual([idOf(root), [idOf(create)]]);
    const processed = spanNamed('process order.created');
    expect(parentOf(processed)).toBe(idOf(create));
    expect(linksOf(processed)).toEqual([idOf(create), header(9).slice(36, 52), idOf(sent)]);
  });
});

describe('the spans of a batch', () => {
  function batchOf(size: number, flags?: string): void {
    const records = Array.from({ length: size }, (_, n) =>
      startProcessSpan({ ...record, traceparent: header(n + 1, flags) }),
    );
    const startedAt = Date.now();
    drawBatch({ topic: 'orders', group: 'fraud', records, startedAt });
  }

  it('link every record in chunks of 128, the first of them a root and the others below it', () => {
    batchOf(300);
    const [first, ...others] = spansNamed('process orders');
    expect([first, ...others].map((span) => span?.links.length)).toEqual([128, 128, 44]);
    expect(parentOf(first!)).toBeUndefined();
    expect(others.map(parentOf)).toEqual([idOf(first!), idOf(first!)]);
    const linked = [first!, ...others].flatMap(({ links }) => links.map(({ context }) => context.traceId));
    expect(linked).toEqual(Array.from({ length: 300 }, (_, n) => header(n + 1).slice(3, 35)));
    expect(first?.attributes['messaging.batch.message_count']).toBe(300);
  });

  it('link a record without a readable creation to its own span', () => {
    const records = [startProcessSpan(record), startProcessSpan({ ...record, traceparent: 'null' })];
    drawBatch({ topic: 'orders', group: 'fraud', records, startedAt: Date.now() });
    records.forEach((span) => span.end());
    expect(linksOf(spanNamed('process orders'))).toEqual(spansNamed('process order.created').map(idOf));
  });

  it('are drawn neither for one record nor where nothing is sampled', () => {
    batchOf(1);
    traceWith(0);
    batchOf(5, '00');
    expect(spansNamed('process orders')).toEqual([]);
  });

  it('are failed when their transaction is', () => {
    const records = [1, 2].map((n) => startProcessSpan({ ...record, traceparent: header(n) }));
    drawBatch({ topic: 'orders', group: 'fraud', records, startedAt: Date.now() }, new RangeError('no'));
    expect(spanNamed('process orders').status).toEqual({ code: SpanStatusCode.ERROR, message: 'RangeError' });
  });
});

describe('sampling', () => {
  it('follows the creation of an event, whatever the own ratio', () => {
    traceWith(0);
    startProcessSpan({ ...record, traceparent: header(1, '01') }).end();
    traceWith(1);
    startProcessSpan({ ...record, traceparent: header(2, '00') }).end();
    expect(exporter.getFinishedSpans().map((span) => span.spanContext().traceId)).toEqual([
      header(1).slice(3, 35),
    ]);
  });

  it('keeps about the share of new traces that it is told', () => {
    traceWith(0.25);
    for (let count = 0; count < 2_000; count += 1) startProcessSpan(record).end();
    const kept = exporter.getFinishedSpans().length;
    expect(kept).toBeGreaterThan(350);
    expect(kept).toBeLessThan(650);
  });
});

describe('a process that exports nothing', () => {
  it('passes traces through as they are, whatever happens to their records', () => {
    setTracePolicy({ continuation: 'link', exported: false });
    const process = startProcessSpan({ ...record, traceparent: header(6), apart: true });
    expect(traceparentOf(trace.getSpanContext(process.context))).toBe(header(6));
    process.keep();
    process.end(new Error('no'));
    expect(exporter.getFinishedSpans()).toEqual([]);
  });
});

describe('what is not sampled', () => {
  it('goes on under the ids of its creation, unsampled, and makes no span', () => {
    const traceparent = header(4, '00');
    const process = startProcessSpan({
      ...record,
      traceparent,
      way: { occurredAt: 1, appendedAt: 2, receivedAt: 3 },
    });
    expect(process.isKept).toBe(false);
    expect(process.traceId).toBe(traceparent.slice(3, 35));
    const caused = startCreateSpan({ type: 'fraud.assessed', topic: 'fraud.assessed' }, process.context);
    expect(caused.traceparent.slice(0, 35)).toBe(traceparent.slice(0, 35));
    expect(caused.traceparent).toMatch(/-00$/);
    caused.end();
    process.end();
    expect(exporter.getFinishedSpans()).toEqual([]);
    expect(isSpanContextValid(trace.getSpanContext(process.context)!)).toBe(true);
    expect(traceparentOf(trace.getSpanContext(process.context))).toBe(traceparent);
  });
});
