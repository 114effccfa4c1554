import type { Part } from './syntax.js';

/** Labels that the series of an expression can have; undefined for a number or a text, which have none. */
export type Labels = ReadonlySet<string> | undefined;

/** Finds the labels of a part of an expression. */
export type Resolve = (part: Part) => Labels;

/** What any of several parts can have. */
export function joined(all: readonly Labels[]): Labels {
  const vectors = all.filter((labels) => labels !== undefined);
  return vectors.length === 0 ? undefined : new Set(vectors.flatMap((labels) => [...labels]));
}

/** Labels but for some. */
export function without(labels: ReadonlySet<string>, names: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...labels].filter((label) => !names.has(label)));
}
