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
/** The library falls behind by a minute when polling finds the machine busy. */
const WITHIN_MS = 90_000;

/** The consumers: ours behind capture and Kafka, and a library's that reads its outbox table by itself. */
export const LONE_CONSUMERS = {
  ours: { program: OURS, outbox: 'ours', environment: {} },
  polling: { program: LIBRARY, outbox: 'library', environment: { LISTENER: 'polling' } },
  replication: { program: LIBRARY, outbox: 'library', environment: { LISTENER: 'replication' } },
} as const;

/** Name of a consumer. */
export type LoneConsumer = keyof typeof LONE_CONSUMERS;

/** Lets each consumer alone take events for some seconds; resolves with the milliseconds from commit to commit. */
export async function loneTimes(
  stack: BenchStack,
  say: (step: string) => void,
): Promise<Record<LoneConsumer, readonly number[]>> {
  const place = await LonePlace.make(stack);
  try {
    const ours = await timesOf(stack, place, 'ours');
    const polling = await timesOf(stack, place, 'polling');
    const replication = await timesOf(stack, place, 'replication');
    say(`one consumer alone: ${[ours, polling, replication].map(({ length }) => length).join(', ')} events`);
    return { ours, polling, replication };
  } finally {
    await place.drop();
  }
}

async function timesOf(stack: BenchStack, place: LonePlace, name: LoneConsumer): Promise<readonly number[]> {
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
    return await written(place, { ...task, seconds: SECONDS });
  } finally {
    await server.stop();
  }
}

/** Writes events and waits until every one of them has taken effect. */
async function written(place: LonePlace, task: EventWriterTask): Promise<readonly number[]> {
  const { events } = await runContestant<EventWriterTask, WrittenEvents>({ program: WRITER }, task);
  const deadline = Date.now() + WITHIN_MS;
  for (;;) {
    const times = await place.times(events);
    if (times.length === events.length) return times;
    if (Date.now() > deadline) {
      throw new BenchError('INCORRECT', `of ${events.length} events only ${times.length} took effect`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
