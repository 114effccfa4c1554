import { killerIn, type Mutant } from '../mutant.js';

const SRC = 'libs/messaging/src';
const RUNNER = `${SRC}/record/record-runner.ts`;
const beside = killerIn(`${SRC}/runtime`);

/** Breaks of what becomes of a record that fails, and of when the consumer holds. */
export const failureMutants: readonly Mutant[] = [
  {
    name: 'bisect-loses-second-half',
    breaks: 'both halves of a failed batch run again',
    file: RUNNER,
    search: 'await this.runEvents(items.slice(middle), control, inherited);',
    replace: '',
    killer: beside(
      'record-runner',
      'RecordRunner finds one poisoned record among 64 by bisecting, and its neighbours commit in order',
    ),
  },
  {
    name: 'bisect-reverses-order',
    breaks: 'the halves of a failed batch run again in order',
    file: RUNNER,
    search: 'await this.runEvents(items.slice(0, middle), control, inherited);',
    replace:
      'await this.runEvents(items.slice(middle), control, inherited); items = items.slice(0, middle); await this.runEvents(items, control, inherited); return;',
    killer: beside(
      'record-runner',
      'RecordRunner finds one poisoned record among 64 by bisecting, and its neighbours commit in order',
    ),
  },
  {
    name: 'conflict-spends-a-try',
    breaks: 'a deadlock or a serialization failure runs the whole batch again and spends no try',
    file: RUNNER,
    search: "if (kind === 'conflict' && ++conflicts < BLAMELESS_CONFLICTS) {",
    replace: "if (kind === 'conflict' && ++conflicts < 0) {",
    killer: beside(
      'record-runner',
      'RecordRunner runs the whole batch again after a deadlock and spends no try',
    ),
  },
  {
    name: 'hold-spends-a-try',
    breaks: 'a dependency that is away costs a record no try',
    file: RUNNER,
    search: "this.count(items, 'hold');",
    replace: "this.count(items, 'hold'); tries += 1;",
    killer: beside('patience', 'patience spends no try on a dependency that is away'),
  },
  {
    name: 'no-hold-for-infrastructure',
    breaks: 'the consumer holds while its database is away',
    file: RUNNER,
    search: "if (kind === 'infrastructure' && ++holds < BLAMELESS_HOLDS) {",
    replace: "if (kind === 'infrastructure' && ++holds < 0) {",
    killer: beside(
      'record-runner',
      'RecordRunner holds while the database is away, spends no try and then goes on',
    ),
  },
  {
    name: 'connection-killer-holds-for-ever',
    breaks: 'a record that kills its own connection each time is to blame after five holds',
    file: RUNNER,
    search: "if (kind === 'infrastructure' && ++holds < BLAMELESS_HOLDS) {",
    replace: "if (kind === 'infrastructure') {",
    killer: beside(
      'record-runner',
      'RecordRunner finds a record that kills its own connection, and its neighbours take effect',
    ),
  },
  {
    name: 'hold-never-ends',
    breaks: 'a hold ends when its probe succeeds',
    file: `${SRC}/failure/hold-gate.ts`,
    search: "log.info({ group: this.group, heldMs: this.clock.now() - since }, 'going on');",
    replace: 'continue;',
    killer: beside(
      'record-runner',
      'RecordRunner holds while the database is away, spends no try and then goes on',
    ),
  },
  {
    name: 'systemic-never-holds',
    breaks: 'the consumer holds when most records fail',
    file: `${SRC}/failure/failure-rate.ts`,
    search: '|| this.tooManyParked();',
    replace: '&& this.tooManyParked();',
    killer: beside(
      'patience',
      'patience stops sending records away when most of them fail, says so, and goes on by itself when the cause is gone',
    ),
  },
  {
    name: 'handler-timeout-ignored',
    breaks: 'a handler that passes its time is given up',
    file: `${SRC}/record/handler-run.ts`,
    search: 'if (finished.aborted) return;',
    replace: 'return;',
    killer: beside('patience', 'patience ends with the time of a handler, which may never end itself'),
  },
  {
    name: 'late-effect-counts',
    breaks: 'what a handler writes after its time is lost',
    file: `${SRC}/record/batch-transaction.ts`,
    search: 'store.transaction(work, run.signal)',
    replace: 'store.transaction(work)',
    killer: beside('patience', 'patience ends with the time of a handler, which may never end itself'),
  },
  {
    name: 'unknown-error-fatal',
    breaks: 'an unknown error may pass: a dead letter must be earned',
    file: `${SRC}/failure/error-classifier.ts`,
    search: "classifyForeign(inner) : 'retryable';",
    replace: "classifyForeign(inner) : 'fatal';",
    killer: beside('record-runner', 'RecordRunner treats an unknown error as one that may pass'),
  },
  {
    name: 'fatal-error-retried',
    breaks: 'a FatalError is never tried again',
    file: `${SRC}/failure/error-classifier.ts`,
    search: "if (error instanceof FatalError || error instanceof ContractViolationError) return 'fatal';",
    replace: '',
    killer: beside('dead-lettering', 'a record that dies spends no second try after a FatalError'),
  },
  {
    name: 'poison-stops-the-partition',
    breaks: 'a record that cannot be read is dead-lettered and its partition goes on',
    file: RUNNER,
    search: 'await this.departures.bury(item, control);',
    replace: 'throw item.error;',
    killer: beside(
      'dead-lettering',
      'a record that dies reaches no handler when it cannot be decoded, and keeps its bytes',
    ),
  },
];
