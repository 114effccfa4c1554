import { killerIn, type Mutant } from '../mutant.js';

const SRC = 'libs/messaging/src';
const DRIVER = `${SRC}/partition/parked-driver.ts`;
const beside = killerIn(`${SRC}/runtime`);

/** Breaks of the order within a key. */
export const parkingMutants: readonly Mutant[] = [
  {
    name: 'follower-runs',
    breaks: 'a record of a blocked key is parked behind it, not handled',
    file: `${SRC}/partition/parking.ts`,
    search: 'isLive(item) && control.blocked.has(orderingKey(item.source))',
    replace: 'isLive(item) && control.blocked.size < 0',
    killer: beside(
      'parking',
      'parking takes a failing record and the later ones of its key out of the way of all others',
    ),
  },
  {
    name: 'failing-key-stalls-others',
    breaks: 'a failing key delays no other key of its partition',
    file: `${SRC}/record/departures.ts`,
    search: "if (options.ordering === 'key' && item.origin.kind === 'source') return undefined;",
    replace: '',
    killer: beside(
      'parking',
      'parking takes a failing record and the later ones of its key out of the way of all others',
    ),
  },
  {
    name: 'head-driven-beside-live-flow',
    breaks: 'a parked head runs in the lane of its key, never beside a live batch',
    file: `${SRC}/partition/partition-worker.ts`,
    search: 'lane?.driveSoon(key);',
    replace: 'void this.tools.driver.drive(key, this);',
    killer: beside('parking', 'parking drives a parked head never beside a batch of its partition'),
  },
  {
    name: 'head-driven-before-its-time',
    breaks: 'a head waits for its time, also when it was found due while it was being tried',
    file: DRIVER,
    search: 'head.notBefore > at',
    replace: 'head.notBefore < 0',
    killer: beside(
      'parked-head',
      'a head waits for its time also when it was found due while it was being tried',
    ),
  },
  {
    name: 'blocked-keys-not-loaded',
    breaks: 'the keys that an earlier owner has parked are known before the first dispatch',
    file: `${SRC}/partition/partition-worker.ts`,
    search: 'keys.forEach((key) => this.blocked.add(key));',
    replace: '',
    killer: beside(
      'parked-head',
      'a head that an earlier owner has parked keeps its followers waiting from the first dispatch on',
    ),
  },
  {
    name: 'key-freed-too-early',
    breaks: 'a key is free only when no parked record of it is left',
    file: DRIVER,
    search: 'if (driven.free) control.blocked.delete(key.key);',
    replace: 'control.blocked.delete(key.key);',
    killer: beside(
      'parked-head',
      'a head that takes effect frees its key only when no record is left, also for records that arrive meanwhile',
    ),
  },
  {
    name: 'head-row-gone-before-its-effect',
    breaks: "a parked head's row goes in the transaction of its effect, and stays when that fails",
    file: DRIVER,
    search: 'const { free } = await store.takeParked(tx, options.group, head, records, clock.now());',
    replace:
      'const { free } = await store.transaction((own) => store.takeParked(own, options.group, head, records, clock.now()));',
    killer: beside(
      'parking',
      'parking kills a head whose plan is used up as EXHAUSTED, with its attempts and its first failure',
    ),
  },
  {
    name: 'terminal-before-parked-row',
    breaks: 'the offset of a parked record is terminal only after its row has committed',
    file: `${SRC}/partition/parking.ts`,
    search: 'const records = items.map(parkedRecord);',
    replace: 'items.forEach((item) => control.terminal(item)); const records = items.map(parkedRecord);',
    killer: beside('parked-head', 'a head is parked before its offset is terminal'),
  },
  {
    name: 'head-never-exhausted',
    breaks: "a head's attempts are counted and its plan ends",
    file: DRIVER,
    search: 'const attempt = head.attempt + 1;',
    replace: 'const attempt = 1;',
    killer: beside(
      'parking',
      'parking kills a head whose plan is used up as EXHAUSTED, with its attempts and its first failure',
    ),
  },
  {
    name: 'head-hold-spends-attempt',
    breaks: 'a database that is away costs a parked head no attempt',
    file: DRIVER,
    search: "else if (kind === 'infrastructure' && (!failed || ++holds < BLAMELESS_HOLDS)) {",
    replace: "else if (kind === 'infrastructure' && !failed) {",
    killer: beside('parked-head', 'a head spends no attempt while its database only blinks'),
  },
  {
    name: 'block-lets-live-followers-run',
    breaks: 'with `block`, a death in the live flow blocks its key',
    file: `${SRC}/record/departures.ts`,
    search: 'if (!this.blocksItsKey(item)) return {};',
    replace: 'if (item !== undefined) return {};',
    killer: beside(
      'parked-head',
      'a head that dies in the live flow keeps its followers waiting where the policy is to block',
    ),
  },
  {
    name: 'block-lets-parked-followers-run',
    breaks: 'with `block`, the followers of a dead head wait',
    file: `${SRC}/partition/parking.ts`,
    search: "return deadHead !== 'skip' && reason !== 'FOLLOWER' && source.key !== null;",
    replace: "return deadHead === 'drain' && reason !== 'FOLLOWER' && source.key !== null;",
    killer: beside(
      'parked-head',
      'a head that is dead keeps its followers waiting where the policy is to block',
    ),
  },
  {
    name: 'skip-keeps-followers-waiting',
    breaks: 'with `skip`, the followers of a dead head go on without it',
    file: `${SRC}/partition/parking.ts`,
    search: "return deadHead !== 'skip' && reason !== 'FOLLOWER' && source.key !== null;",
    replace: "return reason !== 'FOLLOWER' && source.key !== null;",
    killer: beside(
      'parked-head',
      'a head that is dead is passed by its followers where the policy is to skip',
    ),
  },
  {
    name: 'drain-skips-followers',
    breaks: 'with `drain`, the followers of a dead head die behind it',
    file: DRIVER,
    search: "for (const item of followers) await this.die(head, item, 'FOLLOWER', behind, control);",
    replace: 'followers.length = 0;',
    killer: beside(
      'parked-head',
      'a head that is dead takes its followers with it, in order, where the policy is to drain',
    ),
  },
];
