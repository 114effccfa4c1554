import { SERVICE_NODE_OPTIONS } from '@millrace/stack';
import { BENCH_GROUP } from '../backlog/order-backlog.js';
import { BenchError } from '../harness/bench.error.js';
import type { BenchStack } from '../harness/bench-stack.js';
import { runContestant } from '../harness/contestant.js';
import { ServerProcess } from '../harness/server-process.js';
import type { EventWriterTask, WrittenEvents } from './event-writer-task.js';
import { LonePlace } from './lone-place.js';

/** Events per second that each consumer gets. */
export const LONE_PER_SECOND = 100;

const WRITER = new URL('./event-writer.main.ts', import.meta.url);
const OURS = new URL('./lone-consumer.main.ts', import.meta.url);
const LIBRARY = new URL('../peers/outbox-consumer.main.ts', import.meta.url);
const WARM_UP_SECONDS = 2;
const SECONDS = 6;
const WITHIN_MS = 10_000;

/** The consumers: ours behind capture and Kafka, and a library's that reads its outbox table by itself. */
export const LONE_CONSUMERS = {
  ours: { program: OURS, outbox: 'ours', environment: {} },
  polling: { program: LIBRARY, outbox: 'library', environment: { LISTENER: 'polling' } },
  replication: { program: LIBRARY, outbox: 'library', environment: { LISTENER: 'replication' } },
} as const;

/** Name of a consumer. */
export type LoneConsumer = keyof typeof LONE_CONSUMERS;

/** What one consumer made of its events. */
export interface LoneMeasure {
  readonly written: number;
  /** Milliseconds from the commit of an event to that of its effect, of those that took effect in time. */
  readonly times: readonly number[];
}

/**
 * Lets each consumer alone take events for some seconds. Throws `BenchError` INCORRECT when ours leaves one out; what
 * the library leaves out is told with its numbers.
 */
export async function loneTimes(
  stack: BenchStack,
  say: (step: string) => void,
): Promise<Record<LoneConsumer, LoneMeasure>> {
  const place = await LonePlace.make(stack);
  try {
    const ours = await timesOf(stack, place, 'ours');
    const polling = await timesOf(stack, place, 'polling');
    const replication = await timesOf(stack, place, 'replication');
    say(
      `one consumer alone: ${[ours, polling, replication].map(({ times }) => times.length).join(', ')} effects`,
    );
    return { ours, polling, replication };
  } finally {
    await place.drop();
  }
}

async function timesOf(stack: BenchStack, place: LonePlace, name: LoneConsumer): Promise<LoneMeasure> {
  const { program, outbox, environment } = LONE_CONSUMERS[name];
  await place.clear();
  const own = stack.local.environmentOf(BENCH_GROUP);
  const database = outbox === 'ours' ? own['DATABASE_URL'] : stack.local.postgres;
  const server = await ServerProcess.start({
    program,
    nodeOptions: SERVICE_NODE_OPTIONS,
    environment: { ...own, ...environment, DATABASE_URL: database ?? '', LOG_LEVEL: 'warn' },
    probe: `http://127.0.0.1:${own['PORT']}/`,
  });
  try {
    const task = { database: stack.local.postgres, outbox, perSecond: LONE_PER_SECOND } as const;
    await written(place, { ...task, seconds: WARM_UP_SECONDS });
    const measure = await written(place, { ...task, seconds: SECONDS });
    if (outbox === 'ours' && measure.times.length < measure.written) {
      throw new BenchError(
        'INCORRECT',
        `of ${measure.written} events ours let ${measure.times.length} take effect\n${server.lastWords}`,
      );
    }
    return measure;
  } finally {
    await server.stop();
  }
}

/** Writes events and waits until every one of them has taken effect, for a while. */
async function written(place: LonePlace, task: EventWriterTask): Promise<LoneMeasure> {
  const { events } = await runContestant<EventWriterTask, WrittenEvents>({ program: WRITER }, task);
  const deadline = Date.now() + WITHIN_MS;
  for (;;) {
    const times = await place.times(events);
    if (times.length === events.length || Date.now() > deadline) return { written: events.length, times };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
