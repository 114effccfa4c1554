import { describe, expect, it } from '@jest/globals';
import type { ConsumerOptions } from '../api/consumer-options.js';
import { FatalError, RetryableError } from '../api/errors.js';
import { retryPlan } from '../api/retry-plan.js';
import type { EventState } from '../ports/inbox.js';
import { ConsumerBench } from './consumer-bench.fixture.js';
import { MortalProcess } from './mortal-process.fixture.js';

/** A log of one key and what its handler makes of it; the process dies at each of its steps in turn. */
interface Scenario {
  readonly name: string;
  readonly options: Partial<ConsumerOptions>;
  /** Failures that `a1` has ahead; it is poison when there are none to count. */
  readonly failures: number | 'fatal' | 'poison';
  /** How `a1`, `a2` and `a3` stand in the end; whichever is done has taken effect in this order. */
  readonly states: readonly EventState[];
}

const PLAN = retryPlan('1s', '2s');
const LASTS_MS = 6_000;

const scenarios: Scenario[] = [
  { name: 'a good batch', options: {}, failures: 0, states: ['done', 'done', 'done'] },
  { name: 'a parked head that succeeds', options: {}, failures: 2, states: ['done', 'done', 'done'] },
  ...(['block', 'skip', 'drain'] as const).flatMap((deadHead): Scenario[] => {
    const follower = { block: 'parked', skip: 'done', drain: 'dead' } as const;
    const live = { block: 'parked', skip: 'done', drain: 'done' } as const;
    return [
      {
        name: `a parked head that dies (${deadHead})`,
        options: { deadHead },
        failures: 9,
        states: ['dead', follower[deadHead], follower[deadHead]],
      },
      {
        name: `a death in the live flow (${deadHead})`,
        options: { deadHead },
        failures: 'fatal',
        states: ['dead', live[deadHead], live[deadHead]],
      },
      {
        name: `poison (${deadHead})`,
        options: { deadHead },
        failures: 'poison',
        states: ['dead', 'done', 'done'],
      },
    ];
  }),
  { name: 'a retry tier', options: { ordering: 'none' }, failures: 4, states: ['done', 'done', 'done'] },
  { name: 'exhausted tiers', options: { ordering: 'none' }, failures: 99, states: ['dead', 'done', 'done'] },
  {
    name: 'a wait in place',
    options: { ordering: 'partition' },
    failures: 3,
    states: ['done', 'done', 'done'],
  },
  {
    name: 'a death in place',
    options: { ordering: 'partition' },
    failures: 99,
    states: ['dead', 'done', 'done'],
  },
];

class CrashBench {
  readonly bench = new ConsumerBench(1, PLAN);
  readonly first: MortalProcess;
  /** True when a process went round in circles. */
  ranAway = false;
  private readonly second: MortalProcess;
  private left: number;

  constructor(
    private readonly scenario: Scenario,
    diesAt: number,
  ) {
    const { failures } = scenario;
    this.left = typeof failures === 'number' ? failures : 0;
    this.first = new MortalProcess(this.bench, diesAt);
    this.second = new MortalProcess(this.bench);
    this.bench.behave = (name) => {
      if (name !== 'a1') return;
      if (failures === 'fatal') throw new FatalError('never');
      // Another process need not succeed where the dead one failed: only what is durable counts.
      if (this.left-- > 0) throw new RetryableError('not yet');
    };
    if (failures === 'poison') this.bench.append(0, 'a', 'a1', Buffer.from('{'));
    else this.bench.append(0, 'a', 'a1');
    this.bench.append(0, 'a', 'a2');
    this.bench.append(0, 'a', 'a3');
  }

  /** Runs the first process to its death or the end, then a second one; both stop cleanly if they can. */
  async play(): Promise<void> {
    const { bench, first, second, scenario } = this;
    const options = { retry: PLAN, tries: 2, triesWithinMs: 200, commitRecords: 1, ...scenario.options };
    const one = bench.start(options, first);
    await bench.clock.advance(LASTS_MS);
    first.doom(Number.POSITIVE_INFINITY);
    const two = bench.start(options, second);
    await bench.clock.advance(LASTS_MS);
    if (first.alive) await bench.stop(one);
    this.ranAway = first.ranAway || second.ranAway;
    await bench.stop(two);
  }
}

describe.each(scenarios)('a crash between any two steps of $name', (scenario) => {
  it('leaves every event with one outcome, and the followers with the one that the policy says', async () => {
    let crashes = 0;
    for (let diesAt = 1; ; diesAt += 1) {
      const { bench, first, ...played } = await playedWith(scenario, diesAt);
      const names = ['a1', 'a2', 'a3'];
      const effects = names.filter((_, index) => scenario.states[index] === 'done');
      const dead = names.filter((_, index) => scenario.states[index] === 'dead');
      const ordered =
        scenario.options.ordering === 'none' ? bench.store.effects.toSorted() : bench.store.effects;
      expect({
        diesAt,
        states: played.states,
        effects: ordered,
        letters: played.letters,
        fatal: bench.fatal,
        ranAway: played.ranAway,
      }).toEqual({
        diesAt,
        states: scenario.states,
        effects,
        letters: dead,
        fatal: [],
        ranAway: false,
      });
      expect(bench.position(0)).toBe(3);
      if (first.alive) break;
      crashes += 1;
    }
    expect(crashes).toBeGreaterThan(15);
  });
});

async function playedWith(scenario: Scenario, diesAt: number) {
  const crash = new CrashBench(scenario, diesAt);
  await crash.play();
  const { bench, first, ranAway } = crash;
  const letters = [...new Set(bench.deadLetters().map((letter) => letter.split(' ')[0]))];
  return { bench, first, ranAway, states: await bench.states('a1', 'a2', 'a3'), letters };
}
