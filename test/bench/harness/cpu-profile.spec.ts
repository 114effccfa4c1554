import { expect, it } from '@jest/globals';
import { profileLines, summaryOf } from './cpu-profile.js';

const OURS = 'file:///repo/libs/messaging/dist/runtime/loop.js';

function frame(functionName: string, url = '') {
  return { functionName, url, lineNumber: 6 };
}

/** run → decode (recursive) → a package's read; and a quarter of the time nothing to do. */
const profile = {
  nodes: [
    { id: 1, callFrame: frame('(root)'), children: [2, 3] },
    { id: 2, callFrame: frame('(idle)') },
    { id: 3, callFrame: frame('run', OURS), children: [4] },
    { id: 4, callFrame: frame('decode', OURS), children: [5] },
    { id: 5, callFrame: frame('decode', OURS), children: [6] },
    { id: 6, callFrame: frame('read', 'file:///repo/node_modules/@scope/codec/lib/read.js') },
  ],
  samples: [2, 3, 4, 5, 6, 6],
  timeDeltas: [250, 150, 100, 100, 200, 200],
};

it('a profile tells how busy the process was and whose the time was', () => {
  const { busy, owners } = summaryOf(profile);
  expect(busy).toBeCloseTo(0.75);
  expect(owners.map(({ who }) => who).slice(0, 2)).toEqual(['@scope/codec', 'libs/messaging']);
  expect(owners.map(({ share }) => share).slice(0, 2)).toEqual([400 / 750, 350 / 750]);
});

it('a wait counts as a stall when it lasts, however many samples saw it', () => {
  const waiting = {
    ...profile,
    samples: [3, 2, 2, 3, 2, 3, 2],
    timeDeltas: [1, 30_000, 20_000, 1, 39_000, 1, 41_000],
  };
  expect(summaryOf(waiting).stalls).toEqual([50, 41]);
  expect(profileLines(summaryOf(waiting))[0]).toBe('waits of more than 40 ms: 50, 41 ms');
});

it('a phase holds what it calls, and a function within itself counts once', () => {
  const phases = new Map(summaryOf(profile).phases.map(({ who, share }) => [who, share]));
  expect(phases.get('libs/messaging run (runtime/loop.js:7)')).toBeCloseTo(1);
  expect(phases.get('libs/messaging decode (runtime/loop.js:7)')).toBeCloseTo(600 / 750);
  expect(phases.size).toBe(2);
});

it('the lines name the busiest functions first', () => {
  const lines = profileLines(summaryOf(profile), 1);
  expect(lines).toEqual([
    'waits of more than 40 ms: none',
    'busy 75.0% of the time; of that: @scope/codec 53.3%',
    'with everything below it:',
    '100.0%  libs/messaging run (runtime/loop.js:7)',
    'by itself:',
    ' 53.3%  @scope/codec read (lib/read.js:7)',
  ]);
});
