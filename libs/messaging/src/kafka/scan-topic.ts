import { randomUUID } from 'node:crypto';
import { logger } from '@millrace/telemetry';
import type { Admin, Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { RetryableError } from '../api/errors.js';
import { systemClock } from '../ports/clock.js';
import type { RecordVisitor } from '../ports/broker.port.js';
import { brokerRecordOf } from './broker-record.js';
import { isConnectionError } from './kafka-errors.js';

const SESSION_MS = 30_000;
const HEARTBEAT_MS = 3_000;
/** kafkajs passes over a beat that comes a moment before its interval is over, so it is offered more often. */
const OFFER_BEAT_MS = 1_000;
const FETCH_WAIT_MS = 100;
/** How often a scan without progress asks whether retention has removed what it waits for. */
const CHECK_MS = 2_000;
const STALLED_MS = 30_000;
const CRASHES_BORNE = 5;
const REPEAT_AFTER_MS = 200;
const GROUP_ID_NOT_FOUND = 69;

const log = logger('millrace.kafka-scan');

/** Who reads what. */
export interface ScanRequest {
  /** Name of the service; that of the group begins with it, so that the service's prefixed ACL covers it. */
  readonly reader: string;
  readonly topic: string;
  readonly visit: RecordVisitor;
}

/**
 * Reads a topic from its beginning to its end as of the call, partition by partition in offset order. kafkajs reads
 * only in a group: this one commits nothing and is deleted afterwards.
 */
export async function scanTopic(kafka: Kafka, request: ScanRequest, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const admin = kafka.admin();
  await admin.connect();
  try {
    const ends = await readableEnds(admin, request.topic);
    if (ends.size > 0) await scanPersistently(kafka, admin, new TopicScan(request, ends), signal);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

/** A consumer ends for good where waiting would do (a coordinator that loads): the next one goes on where it was. */
async function scanPersistently(
  kafka: Kafka,
  admin: Admin,
  scan: TopicScan,
  signal?: AbortSignal,
): Promise<void> {
  for (let crashes = 0; ; crashes += 1) {
    try {
      return await scanInGroup(kafka, admin, scan, signal);
    } catch (error) {
      if (!(error instanceof CrashedConsumer)) throw error;
      if (crashes === CRASHES_BORNE || !isConnectionError(error.cause)) throw error.cause;
      await systemClock.sleep(REPEAT_AFTER_MS * 2 ** crashes, signal);
      signal?.throwIfAborted();
    }
  }
}

/** Tells the end of a consumer from an error of the visitor. */
class CrashedConsumer extends Error {
  readonly code = 'CONSUMER_CRASHED';
  override readonly name = 'CrashedConsumer';

  constructor(override readonly cause: Error) {
    super(cause.message);
  }
}

async function scanInGroup(kafka: Kafka, admin: Admin, scan: TopicScan, signal?: AbortSignal): Promise<void> {
  const groupId = `${scan.request.reader}.scan-${randomUUID()}`;
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout: SESSION_MS,
    heartbeatInterval: HEARTBEAT_MS,
    maxWaitTimeInMs: FETCH_WAIT_MS,
    allowAutoTopicCreation: false,
  });
  try {
    await consumer.connect();
    await scan.run(consumer, admin, signal);
  } finally {
    await consumer.disconnect().catch(() => undefined);
    await deleteGroup(admin, groupId);
  }
}

/** The offset after the last record, of every partition that holds any. */
async function readableEnds(admin: Admin, topic: string): Promise<Map<number, bigint>> {
  const offsets = await admin.fetchTopicOffsets(topic);
  return new Map(
    offsets
      .filter(({ low, high }) => BigInt(low) < BigInt(high))
      .map(({ partition, high }) => [partition, BigInt(high)]),
  );
}

/** A group without members and positions vanishes by itself in the end, so failing here is no failure of the scan. */
async function deleteGroup(admin: Admin, groupId: string): Promise<void> {
  try {
    await admin.deleteGroups([groupId]);
  } catch (error) {
    if (isGone(error)) return;
    log.warn(
      { err: error, group: groupId },
      'the group of a scan is left to the broker, which removes it later',
    );
  }
}

/** True for the answer that there is no such group, which a consumer that never joined leaves. */
function isGone(error: unknown): boolean {
  if (!(error instanceof Error && 'groups' in error && Array.isArray(error.groups))) return false;
  const answers: readonly { readonly errorCode?: unknown }[] = error.groups;
  return answers.every(({ errorCode }) => errorCode === GROUP_ID_NOT_FOUND);
}

/**
 * The state of one scan: how far each partition was read, and which have not reached their end. A rejoin of the group
 * and a new consumer begin every partition anew; what was visited before is passed over.
 */
class TopicScan {
  private result = Promise.withResolvers<void>();
  private readonly positions = new Map<number, bigint>();
  private ended = false;
  private visiting = false;
  private progressAt = systemClock.now();

  constructor(
    readonly request: ScanRequest,
    private readonly unfinished: Map<number, bigint>,
  ) {}

  async run(consumer: Consumer, admin: Admin, signal?: AbortSignal): Promise<void> {
    this.result = Promise.withResolvers<void>();
    this.result.promise.catch(() => undefined);
    this.ended = false;
    signal?.throwIfAborted();
    const abort = () => this.fail(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    const watching = new AbortController();
    try {
      consumer.on(consumer.events.CRASH, ({ payload }) => this.fail(new CrashedConsumer(payload.error)));
      // Emitted also for fetches of which nothing is visible: control records, aborted transactions.
      consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) =>
        this.advance(consumer, payload.partition, BigInt(payload.lastOffset) + 1n),
      );
      await consumer.subscribe({ topics: [this.request.topic], fromBeginning: true });
      await consumer.run({ autoCommit: false, eachBatch: (payload) => this.take(payload) });
      void this.watch(consumer, admin, watching.signal);
      await this.result.promise;
    } finally {
      this.ended = true;
      watching.abort();
      signal?.removeEventListener('abort', abort);
    }
  }

  private async take({ batch, heartbeat }: EachBatchPayload): Promise<void> {
    // kafkajs beats between batches only, and a visitor may take minutes.
    const beating = setInterval(() => void heartbeat().catch(() => undefined), OFFER_BEAT_MS);
    this.visiting = true;
    try {
      for (const message of batch.messages) {
        const end = this.unfinished.get(batch.partition);
        if (this.ended || end === undefined) return;
        const record = brokerRecordOf(this.request.topic, batch.partition, message);
        if (record.offset >= end) return;
        if (record.offset < (this.positions.get(batch.partition) ?? 0n)) continue;
        this.positions.set(batch.partition, record.offset + 1n);
        if ((await this.request.visit(record)) === 'stop') return this.end();
      }
    } catch (error) {
      // Nothing that a visitor throws may reach kafkajs, which would read the batch again.
      this.fail(error);
    } finally {
      clearInterval(beating);
      this.visiting = false;
      this.progressAt = systemClock.now();
    }
  }

  private advance(consumer: Consumer, partition: number, position: bigint): void {
    const end = this.unfinished.get(partition);
    if (this.ended || end === undefined) return;
    this.progressAt = systemClock.now();
    if (position >= end) this.finish(consumer, partition);
  }

  private finish(consumer: Consumer, partition: number): void {
    this.unfinished.delete(partition);
    if (this.unfinished.size === 0) return this.end();
    consumer.pause([{ topic: this.request.topic, partitions: [partition] }]);
  }

  /** Ends partitions whose rest was removed by retention meanwhile, and a scan that gets nowhere. */
  private async watch(consumer: Consumer, admin: Admin, signal: AbortSignal): Promise<void> {
    while (!this.ended) {
      await systemClock.sleep(CHECK_MS, signal);
      if (this.ended || this.visiting || systemClock.now() < this.progressAt + CHECK_MS) continue;
      await this.passOverRemoved(consumer, admin).catch((error: unknown) => this.fail(error));
      if (systemClock.now() >= this.progressAt + STALLED_MS) this.fail(this.stalled());
    }
  }

  private async passOverRemoved(consumer: Consumer, admin: Admin): Promise<void> {
    for (const { partition, low } of await admin.fetchTopicOffsets(this.request.topic)) {
      const end = this.unfinished.get(partition);
      if (!this.ended && end !== undefined && BigInt(low) >= end) this.finish(consumer, partition);
    }
  }

  private stalled(): RetryableError {
    const waiting = [...this.unfinished.keys()].join(', ');
    return new RetryableError(
      `nothing more of ${this.request.topic} can be read in partitions ${waiting}, though it does not end there: ` +
        'look for a transaction that was never ended, then try again',
    );
  }

  private end(): void {
    this.ended = true;
    this.result.resolve();
  }

  private fail(error: unknown): void {
    this.ended = true;
    this.result.reject(error);
  }
}
