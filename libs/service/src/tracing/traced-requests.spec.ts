import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Module, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type EndedSpan, eventually, SpanCollector } from '@millrace/testing/runtime';
import { activeTraceId, startTelemetry, type Telemetry } from '@millrace/telemetry';
import { fastifyServer } from '../http/fastify-server.js';
import { ProblemFilter } from '../http/problem.filter.js';

const CALLER = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
const collector = new SpanCollector();
const { spans } = collector;
const arrived = Promise.withResolvers<void>();
const waiting = Promise.withResolvers<void>();

@Controller()
class EchoController {
  @Post('orders')
  async place(@Body() body: object): Promise<object> {
    const before = activeTraceId();
    await new Promise((resolve) => setImmediate(resolve));
    return { ...body, before, after: activeTraceId() };
  }

  @Get('orders/:id')
  find(@Param('id') id: string): object {
    if (id === 'bad') throw new Error('no');
    return { id, traceId: activeTraceId() };
  }

  @Get('slow')
  slow(): Promise<void> {
    arrived.resolve();
    return waiting.promise;
  }

  @Get('health/live')
  live(): object {
    return { traceId: activeTraceId() ?? 'none' };
  }
}

@Module({ controllers: [EchoController] })
class EchoModule {}

let telemetry: Telemetry;
let app: NestFastifyApplication;
let url: string;

beforeAll(async () => {
  telemetry = startTelemetry({
    service: 'echo',
    spanProcessors: [collector],
  });
  app = await NestFactory.create<NestFastifyApplication>(
    EchoModule,
    fastifyServer(() => false),
    {
      logger: false,
      bodyParser: false,
      abortOnError: false,
    },
  );
  app.useGlobalFilters(new ProblemFilter());
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});

afterAll(async () => {
  waiting.resolve();
  await app.close();
  await telemetry.shutdown();
});

beforeEach(() => void (spans.length = 0));

async function call(
  path: string,
  init: RequestInit = {},
): Promise<{ body: Record<string, unknown>; span: EndedSpan }> {
  const answer = await fetch(url + path, init);
  const body = (await answer.json()) as Record<string, unknown>;
  const span = await eventually(() => {
    const [found] = spans;
    if (!found) throw new Error('no span yet');
    return found;
  });
  return { body, span };
}

function post(body: string, headers: Record<string, string> = {}) {
  return call('/orders', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

describe('a request', () => {
  it('is handled within its span, also after its body has come', async () => {
    const { body, span } = await post('{"a":1}');
    expect([body['before'], body['after']]).toEqual(Array(2).fill(span.spanContext().traceId));
    expect([span.name, span.attributes]).toEqual([
      'POST /orders',
      {
        'http.request.method': 'POST',
        'http.route': '/orders',
        'http.response.status_code': 201,
        'url.path': '/orders',
        'url.scheme': 'http',
      },
    ]);
  });

  it('is handled within its span also when its body comes later than its head', async () => {
    const slow = request(`${url}/orders`, {
      method: 'POST',
      agent: false,
      headers: { 'content-type': 'application/json', 'content-length': 7 },
    });
    const arrival = once(app.getHttpServer(), 'request');
    const answer = once(slow, 'response');
    slow.flushHeaders();
    await arrival;
    slow.write('{"a"');
    await new Promise((resolve) => setImmediate(resolve));
    slow.end(':1}');
    const [response] = (await answer) as [IncomingMessage];
    const body = JSON.parse(await text(response)) as Record<string, unknown>;
    const span = await eventually(() => spans[0] ?? Promise.reject(new Error('no span yet')));
    expect([body['before'], body['after']]).toEqual(Array(2).fill(span.spanContext().traceId));
  });

  it('continues the trace of its caller', async () => {
    const { span } = await post('{}', { traceparent: `00-${CALLER.traceId}-${CALLER.spanId}-01` });
    expect(span.spanContext().traceId).toBe(CALLER.traceId);
    expect(span.parentSpanContext?.spanId).toBe(CALLER.spanId);
  });

  it('starts a trace of its own when the header of its caller is broken', async () => {
    const { span } = await post('{}', { traceparent: '"quoted"' });
    expect(span.parentSpanContext).toBeUndefined();
  });

  it('names the trace in its problem, also when its body cannot be read', async () => {
    const { body, span } = await post('{');
    expect([body['title'], body['traceId']]).toEqual(['Malformed JSON', span.spanContext().traceId]);
    expect(span.attributes['http.response.status_code']).toBe(400);
    expect(span.status.code).toBe(0);
  });

  it('is kept as failed when it is answered with 500, though its caller did not sample it', async () => {
    const { span } = await call('/orders/bad?card=4111', {
      headers: { traceparent: `00-${CALLER.traceId}-${CALLER.spanId}-00` },
    });
    expect([span.name, span.status.code, span.attributes['error.type']]).toEqual([
      'GET /orders/:id',
      2,
      '500',
    ]);
    expect(span.spanContext().traceId).toBe(CALLER.traceId);
    expect(JSON.stringify(span.attributes)).not.toContain('4111');
  });

  it('ends with 499 when its client has left', async () => {
    const left = request(`${url}/slow`, { agent: false });
    left.on('error', () => undefined).end();
    await arrived.promise;
    left.destroy();
    await eventually(() => expect(spans[0]?.attributes['http.response.status_code']).toBe(499));
  });

  it('is measured by route and status, what has no route in one series, probes in none', async () => {
    await call('/orders/17');
    await fetch(`${url}/nowhere/17`);
    expect(await (await fetch(`${url}/health/live`)).json()).toEqual({ traceId: 'none' });
    const lines = (await telemetry.metricsText()).split('\n');
    const counts = lines.filter((line) => line.startsWith('http_server_request_duration_seconds_count{'));
    expect(counts.map((line) => /http_route="([^"]*)"/.exec(line)?.[1])).toEqual(
      expect.arrayContaining(['/orders/:id', 'none']),
    );
    expect(counts.join('\n')).not.toMatch(/17|nowhere|health/);
  });
});
