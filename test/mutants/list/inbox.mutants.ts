import { killerIn, type Mutant } from '../mutant.js';

const SRC = 'libs/messaging/src';
const TRANSACTION = `${SRC}/record/batch-transaction.ts`;
const beside = killerIn(`${SRC}/runtime`);
const ofStore = killerIn('libs/testing/src/memory-store');

/** Breaks of the inbox: who may apply an effect. */
export const inboxMutants: readonly Mutant[] = [
  {
    name: 'inbox-skipped',
    breaks: 'an event that took effect before is not handled again',
    file: TRANSACTION,
    search: "if (claim?.standing === 'fresh') done.push(item);",
    replace: "if (claim?.standing !== 'parked') done.push(item);",
    killer: beside('record-runner', 'RecordRunner skips a duplicate of an earlier batch'),
  },
  {
    name: 'duplicate-within-a-batch-runs',
    breaks: 'two records of one event in one batch take effect once',
    file: TRANSACTION,
    search: 'byId.delete(item.eventId);',
    replace: '',
    killer: beside('record-runner', 'RecordRunner applies a duplicate within a batch once'),
  },
  {
    name: 'dead-row-passes',
    breaks: 'a dead event is handled again only by a replay',
    file: TRANSACTION,
    search: "if (claim?.standing === 'fresh') done.push(item);",
    replace:
      "if (claim?.standing === 'fresh' || (claim?.standing === 'failed' && claim.failure.acknowledged)) done.push(item);",
    killer: beside(
      'dead-lettering',
      'a record that dies is not dead-lettered a second time when it is delivered again',
    ),
  },
  {
    name: 'old-retry-copy-runs',
    breaks: 'a retry copy with a lower attempt than its failure is skipped',
    file: TRANSACTION,
    search: "if (claim?.standing === 'fresh') done.push(item);",
    replace: "if (claim?.standing === 'fresh' || item.origin.kind === 'retry') done.push(item);",
    killer: beside('copies', 'a copy of an attempt that is over is skipped'),
  },
  {
    name: 'unarmed-replay-runs',
    breaks: 'a replayed record is handled only when its replay has armed its event',
    file: TRANSACTION,
    search: "if (claim?.standing === 'fresh') done.push(item);",
    replace: "if (claim?.standing === 'fresh' || item.origin.kind === 'replay') done.push(item);",
    killer: beside('copies', 'a copy of a dead event that no replay has armed is skipped'),
  },
  {
    name: 'interrupted-departure-skipped',
    breaks: 'a departure that a crash interrupted is completed by the next delivery',
    file: TRANSACTION,
    search: "else if (claim?.standing === 'failed' && !claim.failure.acknowledged) {",
    replace: 'else if (item === undefined) {',
    killer: beside(
      'dead-lettering',
      'a record that dies is completed by the next delivery when a crash came before the dead letter',
    ),
  },
  {
    name: 'foreign-parking-unnoticed',
    breaks: 'the followers of a record that another owner has parked do not run',
    file: TRANSACTION,
    search: 'if (sorted.parked.length === 0) await run.handle(sorted.done, tx);',
    replace: 'if (sorted.parked.length >= 0) await run.handle(sorted.done, tx);',
    killer: beside('parking', 'parking finds out that another owner has parked a key, and parks behind it'),
  },
  {
    name: 'expired-event-runs',
    breaks: 'an event older than the inbox remembers is dead, never fresh',
    file: `${SRC}/record/record-decoder.ts`,
    search: "if (queued.origin.kind === 'source') this.assertRemembered(eventId);",
    replace: '',
    killer: killerIn(`${SRC}/record`)(
      'record-decoder',
      'RecordDecoder refuses an event that is older than the inbox remembers, but not its retry',
    ),
  },
  {
    name: 'effect-and-death-both',
    breaks: 'an event that took effect meanwhile is not dead-lettered',
    file: `${SRC}/failure/failure-path.ts`,
    search: "if (recorded !== 'recorded') return false;",
    replace: '',
    killer: beside(
      'dead-lettering',
      'a record that dies does not die when another owner has applied its effect meanwhile',
    ),
  },
  {
    name: 'parked-without-claim',
    breaks: 'parking enters the event in the inbox first, and parks nothing that is settled otherwise',
    file: 'libs/testing/src/memory-store/memory-parking.ts',
    search: 'if (await enter(tx, group, eventId, {})) entered.add(eventId);',
    replace: 'entered.add(eventId);',
    killer: ofStore(
      'memory-consumer-store',
      'the consumer store in memory parking of settled events tells how they stand and blocks no key for them',
    ),
  },
];
