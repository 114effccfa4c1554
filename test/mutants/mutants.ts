import { departureMutants } from './list/departure.mutants.js';
import { failureMutants } from './list/failure.mutants.js';
import { inboxMutants } from './list/inbox.mutants.js';
import { offsetMutants } from './list/offsets.mutants.js';
import { parkingMutants } from './list/parking.mutants.js';
import { sharingMutants } from './list/sharing.mutants.js';
import type { Mutant } from './mutant.js';

/** All named breaks of the runtime. */
export const mutants: readonly Mutant[] = [
  ...offsetMutants,
  ...inboxMutants,
  ...sharingMutants,
  ...parkingMutants,
  ...failureMutants,
  ...departureMutants,
];
