import { ExpressionError } from './expression.error.js';
import type { Labels } from './label-set.js';
import { partsOfKind, type Part } from './syntax.js';
import type { Vocabulary } from './vocabulary.js';

/** Labels of the series that a selector names; throws for an unknown series and for a matcher on an unknown label. */
export function selectorLabels(selector: Part, vocabulary: Vocabulary): Labels {
  const series = selector.parts.find(({ kind }) => kind === 'Identifier')?.text;
  if (series === undefined) {
    throw new ExpressionError(
      'METRIC',
      `'${selector.text}' names no metric: write its name before the braces`,
    );
  }
  const labels = vocabulary.get(series);
  if (labels === undefined) {
    throw new ExpressionError('METRIC', `'${series}' is exported by nobody and recorded by no rule`);
  }
  assertLabels(partsOfKind(selector, 'LabelName'), labels, `'${series}'`);
  return labels;
}

/** Throws unless each of the label names is one of the labels. */
export function assertLabels(names: readonly Part[], labels: ReadonlySet<string>, of: string): void {
  for (const { text } of names) {
    if (labels.has(text)) continue;
    throw new ExpressionError('LABEL', `${of} has no label '${text}'; it has: ${[...labels].join(', ')}`);
  }
}
