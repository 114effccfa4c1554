import { afterAll, afterEach, beforeAll, beforeEach, describe, it } from '@jest/globals';
import type { ConformanceCase } from './cases/conformance-case.js';
import { deliveryCases } from './cases/delivery.cases.js';
import { failureCases } from './cases/failure.cases.js';
import { isolationCases } from './cases/isolation.cases.js';
import { outageCases } from './cases/outage.cases.js';
import { poisonCases } from './cases/poison.cases.js';
import { traceCases } from './cases/trace.cases.js';
import { collectSpans, forgetSpans } from './collected-spans.js';
import { ConformanceBench, subscriptionOf } from './conformance-bench.js';
import type { ConsumerPlace, ConsumerSubject } from './consumer-subject.js';
import { KafkaPlace } from './place/kafka-place.js';
import type { Patience } from './place/leaping-clock.js';
import { MemoryPlace, type BrokerWrapper } from './place/memory-place.js';
import { SubjectDatabase, type StoreWrapper } from './subject-database.js';

/** Every clause of the contract of a consumer. */
export const CONTRACT: readonly ConformanceCase[] = [
  ...deliveryCases,
  ...poisonCases,
  ...failureCases,
  ...isolationCases,
  ...outageCases,
  ...traceCases,
];

/**
 * The executable contract of a consumer: a test for each of its clauses, against the real handler on real Postgres;
 * on Kafka those that need no virtual time, of which a pattern for their titles may choose some.
 */
export function describeConsumer(subject: ConsumerSubject, place: ConsumerPlace, clauses = /./): void {
  const { options } = subscriptionOf(subject);
  const { kafka } = place;
  const where = kafka === undefined ? 'a log in memory' : 'Kafka';
  describe(`the consumer ${options.group} on ${where}`, () => {
    let database: SubjectDatabase;
    beforeAll(async () => {
      database = await SubjectDatabase.create(subject, place.postgres);
    });
    beforeEach(async () => {
      await database.clear();
      collectSpans();
    });
    afterEach(forgetSpans);
    afterAll(() => database.drop());

    const { ordering = 'key' } = options;
    const chosen = CONTRACT.filter(({ title, except }) => clauses.test(title) && !except.includes(ordering));
    const everywhere = chosen.filter((one) => one.needs === 'any place');
    if (kafka === undefined) {
      it.each(chosen)('$title', ({ run }) => assertInMemory(subject, database, run));
    } else {
      it.each(everywhere)('$title', ({ run }) => assertOnKafka(subject, database, kafka, run));
    }
  });
}

/** What the kit's own tests break. */
export interface Sabotage {
  readonly store?: StoreWrapper;
  readonly broker?: BrokerWrapper;
}

/** Checks one clause in memory with something broken, and little patience unless more is given; rejects when the clause notices. */
export async function checkSabotaged(
  { run }: ConformanceCase,
  subject: ConsumerSubject,
  postgres: string,
  { store, broker }: Sabotage,
  patience: Patience = { realMs: 2_500, virtualMs: 900_000 },
): Promise<void> {
  const database = await SubjectDatabase.create(subject, postgres, store);
  try {
    const { topics } = subscriptionOf(subject);
    const place = new MemoryPlace(topics, () => database.isBusy, broker, patience);
    const bench = new ConformanceBench(subject, database, place);
    try {
      await run(bench);
    } finally {
      await bench.close().catch(() => undefined);
    }
  } finally {
    await database.drop();
  }
}

async function assertInMemory(
  subject: ConsumerSubject,
  database: SubjectDatabase,
  run: (bench: ConformanceBench<MemoryPlace>) => Promise<void>,
): Promise<void> {
  const { topics } = subscriptionOf(subject);
  const bench = new ConformanceBench(subject, database, new MemoryPlace(topics, () => database.isBusy));
  try {
    await run(bench);
  } finally {
    await bench.close();
  }
}

async function assertOnKafka(
  subject: ConsumerSubject,
  database: SubjectDatabase,
  kafka: string,
  run: (bench: ConformanceBench) => Promise<void>,
): Promise<void> {
  const { topics } = subscriptionOf(subject);
  const bench = new ConformanceBench(subject, database, await KafkaPlace.create(kafka, topics));
  try {
    await run(bench);
  } finally {
    await bench.close();
  }
}
