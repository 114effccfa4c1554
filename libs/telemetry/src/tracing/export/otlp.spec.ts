import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ROOT_CONTEXT, SpanKind, trace, type AttributeValue, type Tracer } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { TracerProvider, type Sampler, SamplingDecision } from '@opentelemetry/sdk-trace';
import { eventually, readOtlpRequest, type ReceivedSpan } from '@millrace/testing/runtime';
import fc from 'fast-check';
import { OtlpSpanProcessor } from './otlp-span-processor.js';
import { ProtobufWriter } from './protobuf-writer.js';

const resource = resourceFromAttributes({ 'service.name': 'fraud', 'service.version': '1.2.3' });
const OTHER = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7', traceFlags: 1 };
const NEVER: Sampler = { shouldSample: () => ({ decision: SamplingDecision.RECORD }) };

/** A receiver that answers with the statuses in turn, and then with 200. */
class Receiver {
  readonly spans: ReceivedSpan[] = [];
  readonly types: (string | undefined)[] = [];
  statuses: number[] = [];
  private readonly server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const status = this.statuses.shift() ?? 200;
      this.types.push(request.headers['content-type']);
      if (status === 200) this.spans.push(...readOtlpRequest(Buffer.concat(chunks)));
      response.writeHead(status).end();
    });
  });

  async url(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1/traces`;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

let receiver: Receiver;
let processor: OtlpSpanProcessor;
let tracer: Tracer;

function tracerWith(sampler?: Sampler): Tracer {
  const options = { resource, spanProcessors: [processor], ...(sampler ? { sampler } : {}) };
  return new TracerProvider(options).getTracer('test');
}

beforeEach(async () => {
  receiver = new Receiver();
  processor = new OtlpSpanProcessor({ url: await receiver.url(), resource });
  tracer = tracerWith();
});
afterEach(async () => {
  await processor.shutdown();
  receiver.close();
});

describe('spans over OTLP', () => {
  it('arrive as they were: ids, times, kind, attributes, events, links, status and resource', async () => {
    const parent = trace.setSpanContext(ROOT_CONTEXT, OTHER);
    const start = new Date('2026-03-01T12:00:00.123Z');
    const span = tracer.startSpan(
      'process order.created',
      {
        kind: SpanKind.CONSUMER,
        startTime: start,
        links: [{ context: OTHER }],
        attributes: { text: 'Zürich €', whole: 42, part: -0.5, yes: true, list: ['a', 'b'], empty: '' },
      },
      parent,
    );
    span.addEvent('retry', { attempt: 1 });
    span.setStatus({ code: 2, message: '23505' });
    const end = new Date('2026-03-01T12:00:01.001Z');
    span.end(end);
    await processor.forceFlush();
    expect(receiver.types).toEqual(['application/x-protobuf']);
    expect(receiver.spans).toEqual([
      {
        service: 'fraud',
        traceId: OTHER.traceId,
        spanId: span.spanContext().spanId,
        parentSpanId: OTHER.spanId,
        name: 'process order.created',
        kind: 5,
        startTime: BigInt(start.getTime()) * 1_000_000n,
        endTime: BigInt(end.getTime()) * 1_000_000n,
        attributes: { text: 'Zürich €', whole: 42, part: -0.5, yes: true, list: ['a', 'b'], empty: '' },
        events: ['retry'],
        links: [{ traceId: OTHER.traceId, spanId: OTHER.spanId }],
        status: 2,
      },
    ]);
  });

  it('arrive whole whatever their attributes hold', async () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
      fc
        .double({ noNaN: true, noDefaultInfinity: true })
        .map((number) => (Object.is(number, -0) ? 0 : number)),
      fc.boolean(),
      fc.integer(),
    );
    // The SDK assigns attributes to a plain object, which loses this one key before it reaches us.
    const name = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => text !== '__proto__');
    await fc.assert(
      fc.asyncProperty(name, value, async (key, attribute: AttributeValue) => {
        receiver.spans.length = 0;
        tracer.startSpan('x', { attributes: { [key]: attribute } }).end();
        await processor.forceFlush();
        expect(receiver.spans.map(({ attributes }) => attributes)).toEqual([{ [key]: attribute }]);
      }),
      { numRuns: 60 },
    );
  });

  it('arrive all, however many there are, and by themselves when there are many', async () => {
    const count = 5_000;
    for (let index = 0; index < count; index += 1)
      tracer
        .startSpan('x', { attributes: { 'messaging.message.id': `event-${index}`, group: 'fraud' } })
        .end();
    expect((await eventually(() => receiver.spans[0] ?? Promise.reject(new Error('none')))).name).toBe('x');
    await processor.forceFlush();
    const ids = receiver.spans.map(({ attributes }) => attributes['messaging.message.id']);
    expect(ids).toEqual(Array.from({ length: count }, (_, index) => `event-${index}`));
  });

  it('are sent again after 503, and not after 400', async () => {
    receiver.statuses = [503, 200];
    tracer.startSpan('again').end();
    await processor.forceFlush();
    await processor.forceFlush();
    receiver.statuses = [400];
    tracer.startSpan('refused').end();
    await processor.forceFlush();
    await processor.forceFlush();
    expect(receiver.spans.map(({ name }) => name)).toEqual(['again']);
    expect(receiver.types).toHaveLength(3);
  });

  it('stay when they are not sampled', async () => {
    tracerWith(NEVER).startSpan('recorded only').end();
    await processor.forceFlush();
    expect(receiver.types).toEqual([]);
  });

  it('are lost without a word when nobody listens, and the process goes on', async () => {
    receiver.close();
    tracer.startSpan('lost').end();
    await processor.shutdown();
    expect(receiver.spans).toEqual([]);
  });

  it('leave out one that is too long, and only that one', async () => {
    tracer.startSpan('long', { attributes: { text: 'x'.repeat(3_000_000) } }).end();
    tracer.startSpan('short').end();
    await processor.forceFlush();
    expect(receiver.spans.map(({ name }) => name)).toEqual(['short']);
  });
});

describe('a protobuf writer', () => {
  it('writes nanoseconds exactly, for every time since the epoch', () => {
    fc.assert(
      fc.property(fc.nat(4_000_000_000), fc.nat(999_999_999), (seconds, beyond) => {
        const writer = new ProtobufWriter(16);
        writer.nanoseconds(7, [seconds, beyond]);
        const bytes = Buffer.from(writer.take());
        expect(bytes.readBigUInt64LE(1)).toBe(BigInt(seconds) * 1_000_000_000n + BigInt(beyond));
      }),
    );
  });
});
