import { killerIn, type Mutant } from '../mutant.js';

const SHARED = 'libs/messaging/src/sharing/shared-transaction.ts';
const SLOW = 'libs/messaging/src/sharing/slow-partitions.ts';
const beside = killerIn('libs/messaging/src/sharing');

/** Breaks of the transactions that several partitions share. */
export const sharingMutants: readonly Mutant[] = [
  {
    name: 'neighbour-pays-for-an-error',
    breaks: 'when a shared transaction fails every batch runs apart, so that a neighbour pays for nothing',
    file: SHARED,
    search: 'else void this.runApart(passenger);\n    }',
    replace: "else passenger.answer.reject(new Error('somebody failed'));\n    }",
    killer: beside(
      'shared-transaction',
      'little batches of several partitions run apart after a failure, which only its own partition pays for',
    ),
  },
  {
    name: 'neighbour-waits-for-ever',
    breaks: 'who waits for a transaction that runs begins another one when it takes long',
    file: SHARED,
    search:
      'await Promise.race([transaction, clock.sleep(options.sharedTimeoutMs * PATIENCE, over.signal)]);',
    replace: 'await transaction;',
    killer: beside(
      'shared-transaction',
      'little batches of several partitions are not kept waiting for long by one that does not end',
    ),
  },
  {
    name: 'shared-handler-has-no-limit',
    breaks:
      'the handlers of a shared transaction have little time, so that one that hangs frees its neighbours',
    file: SHARED,
    search: '        options.sharedTimeoutMs,\n      );',
    replace: '      );',
    killer: beside(
      'shared-transaction',
      'little batches of several partitions are freed by the time limit from one whose handler hangs, and nothing takes effect twice',
    ),
  },
  {
    name: 'lost-partition-shares',
    breaks: 'a partition that was lost while its batch waited begins nothing any more',
    file: SHARED,
    search: 'passengers.filter(({ partition }) => !partition.signal.aborted)',
    replace: 'passengers.filter(() => true)',
    killer: beside(
      'shared-transaction',
      'little batches of several partitions leave every partition out that was lost while it waited',
    ),
  },
  {
    name: 'slow-partition-shares-on',
    breaks: 'a partition that holds up the others runs apart for a while',
    file: SLOW,
    search: 'this.apartUntil.set(partition, now + APART_MS);',
    replace: '',
    killer: beside(
      'slow-partitions',
      'partitions that share transactions each run apart once after a slow one, and whoever is slow and alone in it stays apart for a while',
    ),
  },
];
