import type { AssessmentRequest } from '../domain/decision.js';
import type { Activity } from '../domain/velocity/batch-activity.js';
import { countedBeside, keyKinds, keysOf, type KeyKind } from '../domain/velocity/key-kind.js';
import type { KeyHash } from './key-hash.js';

/** One key of one order of a batch. */
export interface TouchedKey extends Activity {
  /** Place of its order in the batch, from 1. */
  readonly position: number;
  readonly kind: KeyKind;
  /** The key in clear, which only lists are asked for. */
  readonly value: string;
}

/** The keys that a batch of orders touches, hashed. */
export function touchedKeys(requests: readonly AssessmentRequest[], hash: KeyHash): TouchedKey[] {
  return requests.flatMap((request, index) => {
    const values = keysOf(request);
    const hashed = new Map<KeyKind, string>();
    for (const kind of keyKinds) {
      const value = values[kind];
      if (value !== undefined) hashed.set(kind, hash.of(kind, value));
    }
    const placedAtMs = Date.parse(request.placedAt);
    const { currency, totalMinor } = request;
    return [...hashed].map(([kind, key]): TouchedKey => {
      const other = hashed.get(countedBeside[kind]);
      const base = { position: index + 1, kind, value: values[kind] ?? '', key };
      return { ...base, placedAtMs, currency, totalMinor, ...(other === undefined ? {} : { other }) };
    });
  });
}
