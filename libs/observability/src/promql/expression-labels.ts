import { aggregateLabels } from './aggregate-labels.js';
import { binaryLabels } from './binary-labels.js';
import { callLabels } from './call-labels.js';
import { joined, type Labels } from './label-set.js';
import { selectorLabels } from './selector-labels.js';
import { parsePromql, type Part } from './syntax.js';
import type { Vocabulary } from './vocabulary.js';

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
