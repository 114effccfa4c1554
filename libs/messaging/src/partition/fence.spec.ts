import { describe, expect, it } from '@jest/globals';
import {
  MemoryBroker,
  MemoryConsumerStore,
  orderCreatedRecord,
  VirtualClock,
} from '@millrace/testing/runtime';
import { completeOptions } from '../api/consumer-options.js';
import { FailurePath } from '../failure/failure-path.js';
import { FailureRate } from '../failure/failure-rate.js';
import { HoldGate } from '../failure/hold-gate.js';
import { RecordDecoder } from '../record/record-decoder.js';
import { RecordRunner } from '../record/record-runner.js';
import type { ConsumerEnvironment } from '../runtime/consumer-environment.js';
import { ParkedDriver } from './parked-driver.js';
import { PartitionWorker } from './partition-worker.js';

const PLACE = { topic: 'order.created', partition: 0 };

/** A worker whose lanes have not begun, with one record in its queue, and how many of its records became terminal. */
function bench() {
  const clock = new VirtualClock();
  const options = completeOptions({ group: 'fraud' });
  const environment: ConsumerEnvironment = {
    options,
    broker: new MemoryBroker(),
    store: new MemoryConsumerStore(),
    clock,
    gate: new HoldGate('fraud', clock, new AbortController().signal),
    rate: new FailureRate(100, 0.5),
    serviceVersion: '1',
  };
  const decoder = new RecordDecoder(new Map(), clock, options);
  const failures = new FailurePath(environment);
  const driver = new ParkedDriver(environment, decoder, failures);
  const tools = { environment, decoder, failures, driver, runner: new RecordRunner(environment) };
  const counted = { terminal: 0 };
  const host = {
    pause: () => undefined,
    resume: () => undefined,
    failed: () => undefined,
    progressed: (records: number) => void (counted.terminal += records),
  };
  const role = { kind: 'source', source: PLACE.topic } as const;
  const worker = new PartitionWorker(PLACE, role, tools, host, new Promise(() => undefined));
  const record = { ...PLACE, ...orderCreatedRecord(), offset: 0n };
  worker.enqueue({ ...PLACE, records: [record], lastOffset: 0n });
  return { worker, record, counted };
}

describe('the fence of a partition', () => {
  it('lets what its owner brings to an end count', () => {
    const { worker, record, counted } = bench();
    worker.terminal({ record });
    expect(worker.ledger.position()).toBe(1n);
    expect(counted.terminal).toBe(1);
  });

  it('lets nothing count that ends after the partition was lost', () => {
    const { worker, record, counted } = bench();
    worker.abandon();
    worker.terminal({ record });
    expect(worker.ledger.position()).toBeUndefined();
    expect(counted.terminal).toBe(0);
  });
});
