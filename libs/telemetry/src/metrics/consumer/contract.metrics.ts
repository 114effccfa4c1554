import { counter } from '../instrument.js';

/** Whose reading of which event type. */
export interface ReadEvents {
  readonly group: string;
  readonly type: string;
}

const violations = counter('millrace.contract.violations');
const unknownEnums = counter('millrace.contract.unknown.enum');
const versions = counter('millrace.contract.version.seen');

/** Counts records that broke their contract. */
export function countViolation({ group, type }: ReadEvents, count = 1): void {
  violations().add(count, { group, type });
}

/** Counts values of an open enum that this consumer does not know. */
export function countUnknownEnum({ group, type }: ReadEvents, count = 1): void {
  unknownEnums().add(count, { group, type });
}

/** Counts records by the version of their contract; only versions of the contract itself may be named. */
export function countVersion({ group, type }: ReadEvents, version: string, count = 1): void {
  versions().add(count, { group, type, version });
}

/** Shows what a consumer reads at 0, before anything of it has come. */
export function preregisterContracts(group: string, types: readonly string[]): void {
  for (const type of types) {
    countViolation({ group, type }, 0);
    countUnknownEnum({ group, type }, 0);
  }
}
