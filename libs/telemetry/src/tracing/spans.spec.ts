import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace';
import { startCreateSpan } from './create-span.js';
import { startBatchSpan, startProcessSpan } from './process-span.js';
import { startSendSpan } from './send-span.js';
import { keepingSampler } from './sampler.js';

const exporter = new InMemorySpanExporter();
const record = { type: 'order.created', topic: 'order.created', partition: 3, offset: 42n, group: 'fraud' };

function traceWith(samplingRatio: number): void {
  trace.disable();
  trace.setGlobalTracerProvider(
    new TracerProvider({
      sampler: keepingSampler(samplingRatio),
      spanProcessors: [new SimpleSpanProcessor({ exporter })],
    }),
  );
}

function spanNamed(name: string): ReadableSpan {
  const span = exporter.getFinishedSpans().find((finished) => finished.name === name);
  if (span === undefined) throw new Error(`No span ${name} among ${exporter.getFinishedSpans().length}`);
  return span;
}

describe('the spans of an event', () => {
  beforeEach(() => traceWith(1));
  afterEach(() => {
    exporter.reset();
    trace.disable();
  });

  it('make one trace from creation to processing, linked and parented', () => {
    const create = startCreateSpan(
      { type: 'order.created', topic: 'order.created', key: 'o-1' },
      ROOT_CONTEXT,
    );
    create.end();
    const process = startProcessSpan({ ...record, eventId: 'e-1', traceparent: create.traceparent });
    process.end();
    const created = spanNamed('create order.created');
    const processed = spanNamed('process order.created');
    expect([created.kind, processed.kind]).toEqual([SpanKind.PRODUCER, SpanKind.CONSUMER]);
    expect(processed.parentSpanContext?.spanId).toBe(created.spanContext().spanId);
    expect(processed.links.map((link) => link.context.spanId)).toEqual([created.spanContext().spanId]);
    expect([create.traceId, process.traceId]).toEqual(Array(2).fill(created.spanContext().traceId));
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

  it('create takes its parent from the cause that is given', () => {
    const cause = startProcessSpan(record);
    startCreateSpan({ type: 'fraud.assessed', topic: 'fraud.assessed' }, cause.context).end();
    cause.end();
    const created = spanNamed('create fraud.assessed');
    expect(created.parentSpanContext?.spanId).toBe(spanNamed('process order.created').spanContext().spanId);
  });

  it('start a new trace without a link when the header is defective', () => {
    const whole = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    startProcessSpan({ ...record, traceparent: [whole, whole] }).end();
    const processed = spanNamed('process order.created');
    expect(processed.parentSpanContext).toBeUndefined();
    expect(processed.links).toEqual([]);
    expect(processed.spanContext().traceId).not.toBe('a'.repeat(32));
  });

  it('fail with the class or code of the error and without its message', () => {
    const process = startProcessSpan(record);
    process.event('retry', { attempt: 1 });
    process.end(Object.assign(new Error('card 4111 refused'), { code: '23505' }));
    const { status, attributes, events } = spanNamed('process order.created');
    expect(status).toEqual({ code: SpanStatusCode.ERROR, message: '23505' });
    expect(attributes['error.type']).toBe('23505');
    expect(events.map(({ name }) => name)).toEqual(['retry']);
    expect(JSON.stringify([status, attributes])).not.toContain('4111');
  });

  it('keep a dead letter in the trace of its record although sampling drops the rest', () => {
    traceWith(0);
    const process = startProcessSpan(record);
    startSendSpan('fraud.order.created.dlq', { group: 'fraud', reason: 'DECODE' }, process.context).end();
    process.end();
    expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(['send fraud.order.created.dlq']);
    expect(spanNamed('send fraud.order.created.dlq').spanContext().traceId).toBe(process.traceId);
  });

  it('link a batch to every creation that can be read', () => {
    const headers = ['1', '2', '3'].map((digit) => `00-${digit.repeat(32)}-${digit.repeat(16)}-01`);
    startBatchSpan({
      topic: 'order.created',
      partition: 0,
      group: 'fraud',
      traceparents: [...headers, 'null'],
    }).end();
    const batch = spanNamed('process order.created');
    expect(batch.links.map((link) => link.context.traceId)).toEqual(['1', '2', '3'].map((d) => d.repeat(32)));
    expect(batch.attributes['messaging.batch.message_count']).toBe(4);
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
