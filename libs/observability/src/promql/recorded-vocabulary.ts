import type { Recording } from '../alerts/alert.js';
import { labelsOf } from './expression-labels.js';
import type { Vocabulary } from './vocabulary.js';

/** Adds what rules record, in their order, with the labels that their expressions keep; throws when one is wrong. */
export function withRecordings(vocabulary: Vocabulary, recordings: readonly Recording[]): Vocabulary {
  return recordings.reduce<Vocabulary>(
    (known, { record, expr }) => new Map([...known, [record, labelsOf(expr, known)]]),
    vocabulary,
  );
}
