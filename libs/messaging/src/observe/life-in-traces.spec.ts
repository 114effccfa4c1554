import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EventHeader, replayTopic, retryTopic } from '@millrace/contracts';
import { SpanCollector, type EndedSpan, withHeaders } from '@millrace/testing/runtime';
import { startTelemetry, type Telemetry } from '@millrace/telemetry';
import { FatalError, RetryableError } from '../api/errors.js';
import { retryPlan } from '../api/retry-plan.js';
import { RuntimeHeader } from '../failure/header-names.js';
import type { ConsumerRuntime } from '../runtime/consumer-runtime.js';
import { ConsumerBench } from '../runtime/consumer-bench.fixture.js';
import { DEAD_LETTERS, eventIdOf, named, TOPIC } from '../runtime/runner.fixture.js';

const PLAN = retryPlan('5s', '10m');
const collector = new SpanCollector();
const { spans } = collector;
let telemetry: Telemetry;
let bench: ConsumerBench;
let runtime: ConsumerRuntime;

/** Header that names the creation of the n-th order. */
function creationOf(n: number): string {
  return `00-${`c${n}`.padStart(32, '0')}-${`a${n}`.padStart(16, '0')}-01`;
}

/** Appends orders of the names, each with a trace of its own. */
function append(...names: string[]): void {
  names.forEach((name, n) =>
    bench.broker.append(
      TOPIC,
      0,
      withHeaders(named(name, eventIdOf(n)), { [EventHeader.traceparent]: creationOf(n) }),
    ),
  );
}

function spansNamed(name: string): EndedSpan[] {
  return spans.filter((span) => span.name === name);
}

function linksOf(span: EndedSpan | undefined): string[] {
  return (span?.links ?? []).map(({ context }) => context.spanId);
}

function idOf(span: EndedSpan | undefined): string {
  return span?.spanContext().spanId ?? 'none';
}

function traceOf(span: EndedSpan | undefined): string {
  return span?.spanContext().traceId ?? 'none';
}

async function value(series: string): Promise<number | undefined> {
  const line = (await telemetry.metricsText()).split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
}

beforeAll(() => {
  telemetry = startTelemetry({
    service: 'fraud',
    spanProcessors: [collector],
  });
});
afterAll(() => telemetry.shutdown());

beforeEach(() => {
  spans.length = 0;
  bench = new ConsumerBench(1, PLAN);
});
afterEach(() => bench.stop(runtime));

describe('the life of a record in traces', () => {
  const creation = { trace: creationOf(0).slice(3, 35), span: creationOf(0).slice(36, 52) };

  it('is one trace for each order of a batch, and one of the batch that links them all', async () => {
    append('a', 'b', 'c');
    runtime = bench.start();
    await bench.clock.advance(2_000);
    for (const name of ['capture', 'deliver', 'process']) {
      const own = spansNamed(`${name} order.created`).filter(({ links }) => links.length < 3);
      expect(own.map(traceOf)).toEqual([0, 1, 2].map((n) => creationOf(n).slice(3, 35)));
      expect(own.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual(
        [0, 1, 2].map((n) => creationOf(n).slice(36, 52)),
      );
    }
    const batch = spans.find(({ links }) => links.length === 3);
    expect([batch?.name, batch?.parentSpanContext]).toEqual(['process order.created', undefined]);
    expect(linksOf(batch)).toEqual([0, 1, 2].map((n) => creationOf(n).slice(36, 52)));
  });

  it('begins its way after the millisecond in which the event was made, which is later than when its transaction began', async () => {
    const [began, made] = [Date.parse('2026-03-01T12:00:00.000Z'), Date.parse('2026-03-01T12:00:00.003Z')];
    const time = made.toString(16).padStart(12, '0');
    const ids = {
      uuidv7: `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000001`,
      other: randomUUID(),
    };
    for (const id of Object.values(ids)) bench.broker.append(TOPIC, 0, named('a', id));
    runtime = bench.start();
    await bench.clock.advance(2_000);
    const starts = spansNamed('capture order.created').map(
      ({ startTime: [seconds, nanoseconds] }) => seconds * 1_000 + nanoseconds / 1e6,
    );
    expect(starts).toEqual([made + 1, began]);
  });

  it('stays in the trace of its order through a short delay, leaves it for a long one, and dies in it', async () => {
    bench.behave = () => {
      throw new RetryableError('not yet');
    };
    append('a');
    runtime = bench.start({ ordering: 'none', retry: PLAN });
    await bench.clock.advance(11 * 60_000);
    const [first, soon, late] = spansNamed('process order.created');
    expect([first, soon].map(traceOf)).toEqual([creation.trace, creation.trace]);
    expect(traceOf(late)).not.toBe(creation.trace);
    expect([first, soon, late].map(linksOf)).toEqual([
      [creation.span],
      [creation.span, idOf(first)],
      [creation.span, idOf(soon)],
    ]);
    const letter = spansNamed(`send ${DEAD_LETTERS}`)[0];
    const copies = ['5s', '10m'].map((delay) => spansNamed(`send ${retryTopic('fraud', TOPIC, delay)}`)[0]);
    expect([...copies, letter].map(traceOf)).toEqual(Array(3).fill(creation.trace));
    expect(linksOf(letter)).toEqual([idOf(late)]);
    expect(spansNamed('capture order.created')).toHaveLength(1);
  });

  it('notes local retries on its span, which is no error when the last one succeeds', async () => {
    let tries = 0;
    bench.behave = () => {
      if ((tries += 1) === 1) throw new RetryableError('not yet');
    };
    append('a');
    runtime = bench.start({ ordering: 'none', retry: PLAN });
    await bench.clock.advance(3_000);
    const [span, ...others] = spansNamed('process order.created');
    expect(others).toEqual([]);
    expect([span?.events.map(({ name }) => name), span?.status.code]).toEqual([['retry'], 0]);
  });

  it('goes on after its replay, which is a root and is linked together with the last attempt', async () => {
    bench.behave = () => {
      throw new FatalError('never');
    };
    append('a');
    runtime = bench.start({ ordering: 'none', retry: PLAN });
    await bench.clock.advance(2_000);
    bench.behave = () => undefined;
    const replayed = runtime.replay(TOPIC, { by: 'ada', why: 'mended', filter: {} });
    await bench.clock.runUntil(replayed);
    await bench.clock.advance(2_000);
    const [died, again] = spansNamed('process order.created');
    const [sent] = spansNamed(`send ${replayTopic('fraud', TOPIC)}`);
    const [replay] = spansNamed('replay');
    expect(replay?.parentSpanContext).toBeUndefined();
    expect(sent?.parentSpanContext?.spanId).toBe(idOf(replay));
    expect(traceOf(again)).toBe(creation.trace);
    expect(linksOf(again)).toEqual([creation.span, idOf(died), idOf(sent)]);
    expect(again?.status.code).toBe(0);
    expect(await value('millrace_replay_messages_total{group="fraud",topic="order.created"}')).toBe(1);
  });

  it('names on each copy the attempt that failed', async () => {
    bench.behave = () => {
      throw new FatalError('never');
    };
    append('a');
    runtime = bench.start();
    await bench.clock.advance(2_000);
    const [letter] = bench.broker.records(DEAD_LETTERS);
    const [died] = spansNamed('process order.created');
    expect(letter?.headers[RuntimeHeader.attemptTraceparent]?.toString()).toBe(
      `00-${creation.trace}-${idOf(died)}-01`,
    );
    expect(letter?.headers[EventHeader.traceparent]?.toString()).toBe(creationOf(0));
  });
});

describe('the life of a record in metrics', () => {
  it('counts what each contract was written as, in a closed number of versions', async () => {
    const seen = (version: string) =>
      value(`millrace_contract_version_seen_total{group="fraud",type="order.created",version="${version}"}`);
    const [before = 0, otherBefore = 0] = [await seen('1'), await seen('other')];
    append('a');
    const foreign = { [EventHeader.dataSchema]: 'urn:somebody:else' };
    bench.broker.append(TOPIC, 0, withHeaders(named('b', eventIdOf(7)), foreign));
    runtime = bench.start();
    await bench.clock.advance(2_000);
    expect([await seen('1'), await seen('other')]).toEqual([before + 1, otherBefore + 1]);
  });

  it('shows how many events are dead, for how long, and that none is any more', async () => {
    const dead = (reason: string) =>
      value(`millrace_dlq_unresolved{group="fraud",topic="order.created",reason="${reason}"}`);
    const age = () => value('millrace_dlq_oldest_age_seconds{group="fraud",topic="order.created"}');
    bench.behave = () => {
      throw new FatalError('never');
    };
    append('a', 'b');
    runtime = bench.start({ ordering: 'none', retry: PLAN });
    await bench.clock.advance(60_000);
    expect([await dead('FATAL'), await dead('DECODE')]).toEqual([2, 0]);
    expect(await age()).toBeGreaterThan(50);
    bench.behave = () => undefined;
    const replayed = runtime.replay(TOPIC, { by: 'ada', why: 'mended', filter: {} });
    await bench.clock.runUntil(replayed);
    await bench.clock.advance(10_000);
    expect([await dead('FATAL'), await age()]).toEqual([0, 0]);
  });

  it('shows nothing of dead events while the store cannot be asked', async () => {
    append('a');
    runtime = bench.start();
    await bench.clock.advance(2_000);
    expect(await telemetry.metricsText()).toContain('millrace_dlq_unresolved{');
    bench.store.down = true;
    await bench.clock.advance(10_000);
    expect(await telemetry.metricsText()).not.toContain('millrace_dlq_unresolved{');
    bench.store.down = false;
  });

  it('tells the phases of a batch: in its handler, and until its offset is committed', async () => {
    const sum = async (phase: string) =>
      (await value(`millrace_consumer_phase_duration_seconds_sum{group="fraud",phase="${phase}"}`)) ?? 0;
    const [handled, committed] = [await sum('handle'), await sum('commit')];
    bench.behave = () => bench.clock.sleep(2_500);
    append('a');
    runtime = bench.start();
    await bench.clock.advance(10_000);
    expect((await sum('handle')) - handled).toBeCloseTo(2.5, 1);
    expect((await sum('commit')) - committed).toBeCloseTo(0.5, 1);
  });
});
