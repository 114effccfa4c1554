import { aggregateLabels } from './aggregate-labels.js';
import { binaryLabels } from './binary-labels.js';
import { callLabels } from './call-labels.js';
import { selectorLabels } from './selector-labels.js';
import { parsePromql, type Part } from './syntax.js';
import type { Vocabulary } from './vocabulary.js';

/** Labels that the series of an expression can have; undefined for a number or a text, which have none. */
export type Labels = ReadonlySet<string> | undefined;

/** Finds the labels of a part of an expression. */
export type Resolve = (part: Part) => Labels;

/**
 * The labels that what an expression yields can have. Throws `ExpressionError` when it does not parse, names a series
 * that nobody exports, or a label that is not there at that place.
 */
export function labelsOf(expression: string, vocabulary: Vocabulary): ReadonlySet<string> {
  const resolve = (part: Part): Labels => {
    switch (part.kind) {
      case 'VectorSelector':
        return selectorLabels(part, vocabulary);
      case 'AggregateExpr':
        return aggregateLabels(part, resolve);
      case 'FunctionCall':
        return callLabels(part, resolve);
      case 'BinaryExpr':
        return binaryLabels(part, resolve);
      default:
        return joined(part.parts.map(resolve));
    }
  };
  return resolve(parsePromql(expression)) ?? new Set();
}

/** What any of several parts can have. */
export function joined(all: readonly Labels[]): Labels {
  const vectors = all.filter((labels) => labels !== undefined);
  return vectors.length === 0 ? undefined : new Set(vectors.flatMap((labels) => [...labels]));
}

/** Labels but for some. */
export function without(labels: ReadonlySet<string>, names: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...labels].filter((label) => !names.has(label)));
}
