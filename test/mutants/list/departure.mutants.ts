import { killerIn, type Mutant } from '../mutant.js';

const SRC = 'libs/messaging/src';
const PATH = `${SRC}/failure/failure-path.ts`;
const COPY = `${SRC}/failure/departing-record.ts`;
const beside = killerIn(`${SRC}/runtime`);
const ofFailure = killerIn(`${SRC}/failure`);
const ofReplay = killerIn(`${SRC}/replay`);

/** Breaks of the way into dead letters and retry topics, and back by replay. */
export const departureMutants: readonly Mutant[] = [
  {
    name: 'terminal-before-dead-letter',
    breaks: 'an offset is terminal only after the dead letter is acknowledged',
    file: `${SRC}/record/departures.ts`,
    search: 'const leaving = this.leaving(item, attempt);',
    replace: 'control.terminal(item); const leaving = this.leaving(item, attempt);',
    killer: beside(
      'dead-lettering',
      'a record that dies waits with everything else while the broker is away, and is terminal only afterwards',
    ),
  },
  {
    name: 'acknowledged-before-dead-letter',
    breaks: 'a failure is noted as acknowledged only after the broker has acknowledged its dead letter',
    file: PATH,
    search:
      'await this.publishDeath(this.departure(leaving, reason, text), leaving.span, signal, concern.head);',
    replace:
      'await this.acknowledge(this.departure(leaving, reason, text), signal, concern.head); await this.publishDeath(this.departure(leaving, reason, text), leaving.span, signal, concern.head);',
    killer: beside(
      'dead-lettering',
      'a record that dies is recorded, published, acknowledged and only then terminal',
    ),
  },
  {
    name: 'terminal-before-retry-copy',
    breaks: 'an offset is terminal only after the retry copy is acknowledged',
    file: `${SRC}/record/departures.ts`,
    search: 'const leaving = this.leaving(item, attemptOf(item));',
    replace: 'control.terminal(item); const leaving = this.leaving(item, attemptOf(item));',
    killer: beside(
      'copies',
      'a copy of a retry is acknowledged before the offset of its record is committed',
    ),
  },
  {
    name: 'retry-copy-not-delayed',
    breaks: 'a retry copy waits until it is due',
    file: `${SRC}/partition/lane.ts`,
    search: "return origin.kind === 'retry' ? origin.notBefore : 0;",
    replace: "return origin.kind === 'retry' ? 0 : 0;",
    killer: beside('copies', 'a copy of a retry runs when its delay is over, and not before'),
  },
  {
    name: 'retry-plan-never-ends',
    breaks: 'a record whose plan is used up is dead',
    file: `${SRC}/record/departures.ts`,
    search: 'const delay = this.environment.options.retry.delays[spent];',
    replace:
      'const delay = this.environment.options.retry.delays[spent] ?? this.environment.options.retry.delays[0];',
    killer: beside('copies', 'a copy of a retry is the last one when the plan is used up'),
  },
  {
    name: 'dead-letter-loses-partition',
    breaks: 'a dead letter has the partition number of its record',
    file: COPY,
    search: 'return { topic, partition, key, value,',
    replace: 'return { topic, key, value,',
    killer: ofFailure(
      'departing-record',
      'a dead letter keeps key, bytes, headers and partition number of its record',
    ),
  },
  {
    name: 'dead-letter-loses-headers',
    breaks: 'a dead letter has the headers of its record',
    file: COPY,
    search: '{ ...present(source.headers), ...headers }',
    replace: '{ ...headers }',
    killer: ofFailure(
      'departing-record',
      'a dead letter keeps key, bytes, headers and partition number of its record',
    ),
  },
  {
    name: 'postgres-detail-leaks',
    breaks: "error texts are without Postgres' detail, which holds values",
    file: `${SRC}/failure/error-text.ts`,
    search: 'errorMessage: bounded(error.message, MESSAGE_BYTES),',
    replace: 'errorMessage: bounded(error.message + JSON.stringify(error), MESSAGE_BYTES),',
    killer: ofFailure('error-text', 'errorText leaves out what Postgres puts beside the message'),
  },
  {
    name: 'replay-passes-without-arming',
    breaks: 'a replay arms an event in the store before it publishes its record',
    file: `${SRC}/replay/replay-run.ts`,
    search: 'const armed = await this.ledger.arm(eventId);',
    replace: "const armed = String('armed');",
    killer: ofReplay('replayer', 'a replay arms before it publishes, and says so at each step'),
  },
  {
    name: 'dry-run-publishes',
    breaks: 'a dry run writes nothing',
    file: `${SRC}/replay/replay-run.ts`,
    search: 'if (this.request.dryRun) await this.tryOut(eventId, letter, record);',
    replace: 'if (eventId === undefined) await this.tryOut(eventId, letter, record);',
    killer: ofReplay(
      'replayer',
      'a dry run tries out every dead event as it would arrive, and writes nothing',
    ),
  },
  {
    name: 'canary-never-stops',
    breaks: 'a replay stops by itself when too many of its first events die again',
    file: `${SRC}/replay/replay-canary.ts`,
    search: 'if (failed > bounds.maxFailureRatio * (sent + done + failed)) return false;',
    replace: '',
    killer: ofReplay(
      'replay-canary',
      'the canary of a replay stops when more of the first ones died again than may, and sends nothing more',
    ),
  },
  {
    name: 'replay-mails-again',
    breaks: 'outside effects are off on a replay unless asked for',
    file: `${SRC}/record/handler-run.ts`,
    search: "if (origin.kind === 'replay') return origin.outsideEffects;",
    replace: "if (origin.kind === 'replay') return true;",
    killer: beside(
      'copies',
      'a copy of a replay takes effect once, without outside effects unless they are asked for',
    ),
  },
];
