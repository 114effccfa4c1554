/** A small deterministic generator (mulberry32) of numbers from 0 to below 1, so that a failing run can be repeated. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A seed that every run has anew; name it in what a failure shows. */
export function newSeed(): number {
  return Date.now() % 2 ** 31;
}

/** One of several. */
export function pick<Item>(next: () => number, items: readonly Item[]): Item {
  const item = items[Math.floor(next() * items.length)];
  if (item === undefined) throw new RangeError('there is nothing to pick from');
  return item;
}
