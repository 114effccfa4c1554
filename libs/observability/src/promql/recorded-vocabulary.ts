import type { Recording } from '../alerts/alert.js';
import { labelsOf } from './expression-labels.js';
import type { Vocabulary } from './vocabulary.js';

/** Adds what rules record, in their order, with the labels that their expressions keep; throws when one is wrong. */
export function withRecordings(vocabulary: Vocabulary, recordings: readonly Recording[]): Vocabulary {
  const known = new Map(vocabulary);
  for (const { record, expr } of recordings) known.set(record, labelsOf(expr, known));
  return known;
}
