import { expect } from '@jest/globals';
import { deadLetterTopic, EventHeader, replayTopic, retryTopic } from '@millrace/contracts';
import { RuntimeHeader, type BrokerRecord, type OutgoingRecord, type RetryDelay } from '@millrace/messaging';
import { newEventId } from '../../reference-consumer/reference-event.js';
import { spansOf } from '../collected-spans.js';
import type { ConformanceBench, ConformanceEvent } from '../conformance-bench.js';
import { clause } from './conformance-case.js';

const SAME_TRACE_MS = 60_000;

async function oneTrace(bench: ConformanceBench): Promise<void> {
  const [failing, follower] = bench.events(2, 0, 'traced');
  if (!failing || !follower) return;
  bench.plan.let(failing.id, { kind: 'fails' });
  await bench.start();
  await bench.produce(failing, follower);
  await bench.dies(failing);
  const [letter] = await bench.deadLetters(failing.id);
  const copies = await copiesOf(bench, failing);
  for (const record of [letter, ...copies]) {
    expect(record?.headers[EventHeader.traceparent]?.toString()).toBe(
      failing.record.headers[EventHeader.traceparent]?.toString(),
    );
  }
  bench.plan.mend();
  if (letter) await replay(bench, failing, letter);
  await bench.takesEffect(failing, follower);
  const traces = bench.plan
    .callsOf(failing.id)
    .flatMap(({ events }) => events.filter(({ id }) => id === failing.id));
  const { delays } = bench.options.retry;
  expect(traces.length).toBeGreaterThan(delays.length);
  const apart = new Set(traces.map(({ traceId }) => traceId).filter((trace) => trace !== failing.traceId));
  expect(apart.size).toBe(copies.length === 0 ? 0 : longOnes(delays));
  const sent = copies.map(({ topic }) => topic);
  // A span ends a moment after the commit that the effect is seen by.
  await bench.place.reach(() => assertSpans(bench, failing, sent));
}

function assertSpans(
  { options, topic }: ConformanceBench,
  { traceId }: ConformanceEvent,
  sentTo: readonly string[],
): void {
  const names = spansOf(traceId);
  const sent = [...sentTo, deadLetterTopic(options.group, topic)].map((name) => `send ${name}`);
  expect(names).toEqual(expect.arrayContaining(sent));
  // Its delivery, which with ordering partition holds all its tries, those of its retry plan, and its replay.
  const apart = sentTo.length === 0 ? 0 : longOnes(options.retry.delays);
  const deliveries = options.ordering === 'partition' ? 1 : 1 + options.retry.delays.length - apart;
  expect(names.filter((name) => name.startsWith('process ')).length).toBeGreaterThanOrEqual(deliveries + 1);
}

/** A retry topic with so long a delay begins a trace of its own, which links the one before. */
function longOnes(delays: readonly RetryDelay[]): number {
  return delays.filter(({ milliseconds }) => milliseconds > SAME_TRACE_MS).length;
}

/** Retry copies of an event, on every retry topic of the group. */
async function copiesOf(bench: ConformanceBench, { id }: ConformanceEvent): Promise<readonly BrokerRecord[]> {
  const { group, ordering, retry } = bench.options;
  if (ordering !== 'none') return [];
  const topics = retry.delays.map(({ name }) => retryTopic(group, bench.topic, name));
  const records = await Promise.all(topics.map((topic) => bench.place.records(topic)));
  const copies = records.flat().filter(({ headers }) => String(headers[EventHeader.id]) === id);
  expect(copies.map(({ topic }) => topic)).toEqual(topics);
  return copies;
}

/** Gives a dead event back to its group: in place when it blocks its key, else through the replay topic. */
async function replay(
  bench: ConformanceBench,
  { id }: ConformanceEvent,
  letter: BrokerRecord,
): Promise<void> {
  const { store } = bench.database;
  const { group } = bench.options;
  const now = bench.place.clock.now();
  const replayId = newEventId();
  const why = { by: 'conformance', why: 'its cause is mended', filter: '{}', outsideEffects: false };
  await store.startReplay({ replayId, group, topic: bench.topic, ...why }, now);
  const armed = await store.arm(group, id, replayId, now);
  expect(armed).not.toBe('not-dead');
  if (armed === 'armed') await bench.place.append([replayed(bench, letter, replayId)]);
}

function replayed(bench: ConformanceBench, letter: BrokerRecord, replayId: string): OutgoingRecord {
  const { partition, key, value } = letter;
  const kept = Object.entries(letter.headers).flatMap(([name, header]) =>
    header === undefined ? [] : [[name, header] as const],
  );
  const headers = {
    ...Object.fromEntries(kept),
    [RuntimeHeader.replayId]: replayId,
    [RuntimeHeader.replayCount]: '1',
    [RuntimeHeader.replayOutsideEffects]: 'false',
  };
  return { topic: replayTopic(bench.options.group, bench.topic), partition, key, value, headers };
}

/** One trace tells the whole life of an event. */
export const traceCases = [clause('a trace continues through retry, dead letter and replay', oneTrace)];
