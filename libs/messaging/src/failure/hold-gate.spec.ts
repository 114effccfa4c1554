import { beforeEach, describe, expect, it } from '@jest/globals';
import { databaseAway, VirtualClock } from '@millrace/testing/runtime';
import { AbandonedError } from './abandoned.error.js';
import { HoldGate } from './hold-gate.js';

describe('HoldGate', () => {
  let clock: VirtualClock;
  let stopped: AbortController;
  let gate: HoldGate;
  let away: boolean;
  let probes: number[];

  const probe = async () => {
    probes.push(clock.now());
    if (away) throw databaseAway();
  };

  beforeEach(() => {
    clock = new VirtualClock();
    stopped = new AbortController();
    gate = new HoldGate('fraud', clock, stopped.signal);
    away = true;
    probes = [];
  });

  it('lets everybody pass while nothing is away', async () => {
    await gate.passed();
    expect(gate.reason).toBeNull();
  });

  it('holds until the probe succeeds and says why meanwhile', async () => {
    const held = gate.hold(databaseAway(), probe);
    await clock.advance(10_000);
    expect(gate.reason).toBe('Error');
    away = false;
    await clock.advance(2_000);
    await held;
    expect(gate.reason).toBeNull();
  });

  it('probes with doubling pauses of at most two seconds', async () => {
    const start = clock.now();
    void gate.hold(databaseAway(), probe).catch(() => undefined);
    await clock.advance(7_100);
    expect(probes.map((at) => at - start)).toEqual([100, 300, 700, 1_500, 3_100, 5_100, 7_100]);
    stopped.abort();
  });

  it('makes whoever dispatches wait until it opens', async () => {
    const held = gate.hold(databaseAway(), probe);
    let passed = false;
    const waiting = gate.passed().then(() => (passed = true));
    await clock.advance(1_000);
    expect(passed).toBe(false);
    away = false;
    await clock.advance(2_000);
    await Promise.all([held, waiting]);
    expect(passed).toBe(true);
  });

  it('probes once for all that wait', async () => {
    const both = [gate.hold(databaseAway(), probe), gate.hold(databaseAway(), probe)];
    away = false;
    await clock.advance(100);
    await Promise.all(both);
    expect(probes).toHaveLength(1);
  });

  it('abandons when the consumer stops during the hold', async () => {
    const held = gate.hold(databaseAway(), probe);
    const outcome = expect(held).rejects.toBeInstanceOf(AbandonedError);
    await clock.advance(500);
    stopped.abort();
    await outcome;
    await gate.passed();
  });

  it('holds again for the next outage', async () => {
    away = false;
    const first = gate.hold(databaseAway(), probe);
    await clock.advance(100);
    await first;
    const second = gate.hold(databaseAway(), probe);
    expect(gate.reason).toBe('Error');
    await clock.advance(100);
    await second;
    expect(probes).toHaveLength(2);
  });
});
