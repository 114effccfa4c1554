import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { trace } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { startTelemetry } from './start-telemetry.js';
import { readTelemetryConfig } from './telemetry.config.js';
import { activeTraceId, inSpan } from './tracing/active-context.js';
import { exportersFor } from './tracing/span-processors.js';

const PROBE = new URL('./probe.fixture.ts', import.meta.url).pathname;
const HOOKS = new URL('../../testing/src/typescript-hooks.mjs', import.meta.url).pathname;
const FLAGS = ['--no-warnings=ExperimentalWarning', '--conditions=@millrace/source'];

interface Probe {
  readonly code: number | null;
  readonly stderr: string;
  /** Trace id of the order that the program served. */
  readonly traceIds: { readonly order: string };
}

/** Runs a small program that traces one order, as a service does, in a process of its own. */
async function probe(environment: NodeJS.ProcessEnv): Promise<Probe> {
  const child = spawn(process.execPath, [...FLAGS, `--import=${HOOKS}`, PROBE], {
    env: { PATH: process.env['PATH'], ...environment },
  });
  const out = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (out.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (out.stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`The probe ended with ${code}: ${out.stderr}`);
  return { code, stderr: out.stderr, traceIds: JSON.parse(out.stdout) };
}

describe('startTelemetry', () => {
  let receiver: Server | undefined;
  afterEach(() => {
    receiver?.close();
  });

  it('refuses a second start, and starts again after a shutdown', async () => {
    const telemetry = startTelemetry({ service: 'order' });
    expect(() => startTelemetry({ service: 'order' })).toThrow(
      expect.objectContaining({ code: 'TELEMETRY_STARTED' }),
    );
    await telemetry.shutdown();
    await telemetry.shutdown();
    await startTelemetry({ service: 'order' }).shutdown();
  });

  it('gives spans ids without an exporter, and errors pass through them', async () => {
    const telemetry = startTelemetry({ service: 'order' });
    expect(activeTraceId()).toBeUndefined();
    await expect(
      inSpan('order.place', async () => {
        expect(activeTraceId()).toMatch(/^[0-9a-f]{32}$/);
        throw new RangeError('too many');
      }),
    ).rejects.toThrow(RangeError);
    await telemetry.shutdown();
    expect(trace.getTracer('x').startSpan('y').isRecording()).toBe(false);
  });

  it('has no exporter without a receiver, and one with it', async () => {
    const resource = resourceFromAttributes({});
    expect(exportersFor(undefined, resource)).toEqual([]);
    const exporters = exportersFor({ form: 'otlp', url: 'http://127.0.0.1:9/v1/traces' }, resource);
    expect(exporters).toHaveLength(1);
    await Promise.all(exporters.map((exporter) => exporter.shutdown()));
  });

  it('gives orders trace ids, and says nothing on stderr, when no endpoint is set', async () => {
    const { stderr, traceIds } = await probe({});
    expect(traceIds.order).toMatch(/^[0-9a-f]{32}$/);
    expect(stderr).toBe('');
  });

  it.each([
    ['otlp', 'OTEL_EXPORTER_OTLP_ENDPOINT'],
    ['zipkin', 'OTEL_EXPORTER_ZIPKIN_ENDPOINT'],
  ])('stays quiet and ends in time when nobody listens at the %s endpoint', async (form, name) => {
    expect((await probe({ OTEL_TRACES_EXPORTER: form, [name]: 'http://127.0.0.1:9' })).stderr).toBe('');
  });

  it('sends the last spans over OTLP/HTTP before it ends', async () => {
    const { url, received } = await receive();
    const { traceIds } = await probe({ OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/` });
    expect(received.map(({ path }) => path)).toEqual(['/v1/traces']);
    expect(received[0]?.body.includes(Buffer.from(traceIds.order, 'hex'))).toBe(true);
    expect(received[0]?.body.includes('POST /orders')).toBe(true);
  });

  it('sends the last spans in the form of Zipkin when that is asked for', async () => {
    const { url, received } = await receive();
    const endpoint = `${url}/api/v2/spans`;
    const { traceIds } = await probe({
      OTEL_TRACES_EXPORTER: 'zipkin',
      OTEL_EXPORTER_ZIPKIN_ENDPOINT: endpoint,
    });
    expect(received.map(({ path }) => path)).toEqual(['/api/v2/spans']);
    const spans = JSON.parse(String(received[0]?.body)) as object[];
    expect(spans).toContainEqual(
      expect.objectContaining({
        traceId: traceIds.order,
        kind: 'SERVER',
        name: 'POST /orders',
        localEndpoint: expect.objectContaining({ serviceName: 'probe' }),
      }),
    );
  });

  it('sends nothing when the exporter is none', async () => {
    const { url, received } = await receive();
    await probe({ OTEL_TRACES_EXPORTER: 'none', OTEL_EXPORTER_OTLP_ENDPOINT: url });
    expect(received).toEqual([]);
  });

  it('takes its settings from the variables of OpenTelemetry', () => {
    expect(readTelemetryConfig({})).toEqual({
      traces: undefined,
      samplingRatio: 1,
      disabled: false,
      continuation: 'parent',
      environment: undefined,
    });
    expect(
      readTelemetryConfig({
        OTEL_TRACES_SAMPLER_ARG: '0.25',
        OTEL_SDK_DISABLED: 'true',
        TRACE_CONTINUATION: 'link',
      }),
    ).toMatchObject({ samplingRatio: 0.25, disabled: true, continuation: 'link' });
    expect(() => readTelemetryConfig({ TRACE_CONTINUATION: 'both' })).toThrow(/TRACE_CONTINUATION/);
    expect(() => readTelemetryConfig({ OTEL_TRACES_EXPORTER: 'jaeger' })).toThrow(/otlp, zipkin or none/);
  });

  /** An HTTP server that keeps what it is sent. */
  async function receive() {
    const received: { path: string | undefined; body: Buffer }[] = [];
    receiver = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        received.push({ path: request.url, body: Buffer.concat(chunks) });
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => receiver?.once('listening', resolve));
    const { port } = receiver.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}`, received };
  }
});
