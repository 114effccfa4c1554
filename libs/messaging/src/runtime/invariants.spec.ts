import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { Ordering } from '@millrace/contracts';
import type { EventState } from '../ports/inbox.js';
import { RandomLife, type Fate, type Incident, type Life } from './random-life.fixture.js';

const RUNS = 80;

const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Fate>({ kind: 'good' }) },
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 3 }).map((times): Fate => ({ kind: 'fails', times })) },
  { weight: 3, arbitrary: fc.constantFrom<Fate>({ kind: 'never' }, { kind: 'fatal' }, { kind: 'poison' }) },
  { weight: 1, arbitrary: fc.constant<Fate>({ kind: 'hangs' }) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 1_500 }).map((ms): Fate => ({ kind: 'slow', ms })) },
);

const entry = fc.record({
  partition: fc.integer({ min: 0, max: 2 }),
  key: fc.integer({ min: -1, max: 2 }),
  fate,
  twice: fc.boolean(),
});

const what: fc.Arbitrary<Incident['what']> = fc.oneof(
  fc
    .constantFrom('join', 'leave', 'kill', 'rebalance', 'lose', 'notice', 'rewind', 'produce')
    .map((kind): Incident['what'] => ({ kind })),
  fc.integer({ min: 1, max: 60 }).map((steps): Incident['what'] => ({ kind: 'doom', steps })),
  fc
    .record({ kind: fc.constantFrom('database', 'broker'), awayMs: fc.integer({ min: 1, max: 4_000 }) })
    .map((away): Incident['what'] => away),
);

const incident = fc.record({ afterMs: fc.integer({ min: 0, max: 1_500 }), member: fc.nat(3), what });

function lives(options: fc.Arbitrary<Life['options']>): fc.Arbitrary<Life> {
  return fc.record({
    options,
    log: fc.array(entry, { minLength: 1, maxLength: 16 }),
    incidents: fc.array(incident, { maxLength: 8 }),
    storeMs: fc.constantFrom(0, 0, 5, 50),
    dooms: fc.array(fc.integer({ min: 2, max: 90 }), { maxLength: 4 }),
  });
}

const batchRecords = fc.integer({ min: 1, max: 8 });
/** 1: every step is committed at once, so that nothing hides between a step and the next commit. */
const commitRecords = fc.constantFrom(1, 1_000);

const OPTIONS: Record<Ordering, fc.Arbitrary<Life['options']>> = {
  none: fc.record({
    ordering: fc.constant('none' as const),
    lanes: fc.integer({ min: 1, max: 2 }),
    batchRecords,
    commitRecords,
  }),
  key: fc.record({
    ordering: fc.constant('key' as const),
    deadHead: fc.constantFrom('block', 'skip', 'drain'),
    lanes: fc.integer({ min: 1, max: 2 }),
    batchRecords,
    commitRecords,
  }),
  partition: fc.record({
    ordering: fc.constant('partition' as const),
    batchRecords,
    commitRecords,
  }),
};

/** Each event took effect at most once, and it did exactly when nothing else holds it. */
async function assertOneOutcome(life: RandomLife, { options, log }: Life): Promise<void> {
  const names = log.map((_, index) => `e${index}`);
  const states = await life.bench.states(...names);
  const letters = life.bench.deadLetters().map((letter) => letter.split(' ')[0]);
  const blocked = options.ordering === 'key' && options.deadHead === 'block';
  for (const [index, name] of names.entries()) {
    const effects = life.bench.store.effects.filter((effect) => effect === name).length;
    const state = states[index];
    const allowed: (EventState | undefined)[] = blocked ? ['done', 'dead', 'parked'] : ['done', 'dead'];
    expect([name, allowed.includes(state) ? 'settled' : state]).toEqual([name, 'settled']);
    expect([name, effects]).toEqual([name, state === 'done' ? 1 : 0]);
    expect([name, state !== 'dead' || letters.includes(name)]).toEqual([name, true]);
    if (state === 'parked') assertBehindDead(life, states, name);
  }
}

/** A record waits for ever only behind a dead one of its key; poison is in nobody's way. */
function assertBehindDead(life: RandomLife, states: readonly EventState[], name: string): void {
  const { key, partition } = life.entryOf(name) ?? {};
  const before = life
    .namesOf(partition ?? 0)
    .filter((other) => Number(other.slice(1)) < Number(name.slice(1)));
  const dead = before.filter(
    (other) =>
      life.entryOf(other)?.key === key &&
      life.entryOf(other)?.fate.kind !== 'poison' &&
      states[Number(other.slice(1))] === 'dead',
  );
  expect([name, dead.length > 0]).toEqual([name, true]);
}

/** Effects of a partition, or of each of its keys, are in the order of the log. */
function assertOrder(life: RandomLife, { options }: Life): void {
  if (options.ordering === 'none') return;
  const places = new Map(life.bench.store.effects.map((effect, place) => [String(effect), place]));
  const last = new Map<string, number>();
  for (const partition of [0, 1, 2]) {
    for (const name of life.namesOf(partition)) {
      const { key = -1 } = life.entryOf(name) ?? {};
      const place = places.get(name);
      if (place === undefined || (key < 0 && options.ordering === 'key')) continue;
      const line = options.ordering === 'key' ? `${partition}/${key}` : String(partition);
      expect([name, (last.get(line) ?? -1) < place]).toEqual([name, true]);
      last.set(line, place);
    }
  }
}

describe('random lives of a group, with crashes between any two steps', () => {
  beforeEach(() => {
    // Jitter is the one thing that the seed does not rule.
    jest.spyOn(Math, 'random').mockReturnValue(0.5);
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  it.each<Ordering>(['none', 'key', 'partition'])('keep every promise with ordering %s', async (ordering) => {
    await fc.assert(
      fc.asyncProperty(lives(OPTIONS[ordering]), async (life) => {
        const played = new RandomLife(life);
        await played.play();
        expect(played.contradictions).toEqual([]);
        expect(played.bench.fatal).toEqual([]);
        await assertOneOutcome(played, life);
        assertOrder(played, life);
      }),
      { numRuns: RUNS, interruptAfterTimeLimit: 45_000 },
    );
  });
});
