import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { testDirectory } from '../processes/test-directory.fixture.js';
import { completeStackOptions } from '../stack/stack-options.js';
import { StackSession } from '../stack/stack-session.js';
import type { TraceServer } from './trace-server.js';
import { givenTraces, servedTraces } from './traces.js';

const FOREVER = ['-e', 'setInterval(() => undefined, 1_000)'];
const AT_ONCE = ['-e', 'process.exit(1)'];

describe('the traces of a stack', () => {
  let directory: ReturnType<typeof testDirectory>;
  let session: StackSession;
  let said: string[];

  beforeEach(async () => {
    directory = testDirectory();
    said = [];
    const onProgress = (step: string) => said.push(step);
    session = await StackSession.open(
      completeStackOptions({ root: '/checkout', directory: directory.path, onProgress }),
    );
  });
  afterEach(async () => {
    await session.close();
    directory.remove();
  });

  const server = (args: readonly string[], hasPage = true): TraceServer => ({
    name: 'Jaeger',
    url: 'http://127.0.0.1:1',
    environment: { OTEL_TRACES_EXPORTER: 'otlp' },
    link: (traceId) => `http://127.0.0.1:1/trace/${traceId}`,
    apiLink: (traceId) => `http://127.0.0.1:1/api/traces/${traceId}`,
    hasPage: async () => hasPage,
    process: async () => ({
      name: 'jaeger',
      launch: () => ({ file: process.execPath, args, env: {}, cwd: directory.path }),
      probe: async () => args === FOREVER,
      stopSteps: [],
      logFile: join(directory.path, 'jaeger.log'),
      readyWithinMs: 60_000,
    }),
  });

  it('are shown by a server that runs with the stack', async () => {
    const traces = servedTraces(server(FOREVER), session);
    await traces.ready();
    expect(session.supervisor.living()).toHaveProperty('jaeger');
    expect(traces.url).toBe('http://127.0.0.1:1');
    expect(traces.link('abc')).toBe('http://127.0.0.1:1/trace/abc');
    expect(traces.note('abc')).toBeUndefined();
  });

  it('come with a note where the server has no page', async () => {
    const traces = servedTraces(server(FOREVER, false), session);
    await traces.ready();
    expect(traces.note('abc')).toBe(
      'This Jaeger was built without its page; the trace is at http://127.0.0.1:1/api/traces/abc',
    );
  });

  it('go nowhere when the server cannot run, which is said and fails nothing', async () => {
    const traces = servedTraces(server(AT_ONCE), session);
    await traces.ready();
    expect(said).toContainEqual(
      expect.stringMatching(/^Traces go nowhere: jaeger ended before it was ready/),
    );
    expect(traces.url).toBeNull();
    expect(traces.link('abc')).toBe('abc');
    expect(session.supervisor.living()).toEqual({});
  });

  it('that go to a receiver of somebody else are named by their id', async () => {
    const traces = givenTraces('http://collector:4318');
    await traces.ready();
    expect([traces.url, traces.link('abc'), traces.environment]).toEqual([
      'http://collector:4318',
      'abc',
      {},
    ]);
  });
});
