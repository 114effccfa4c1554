import { killerIn, type Mutant } from '../mutant.js';

const SRC = 'libs/messaging/src';
const beside = killerIn(`${SRC}/runtime`);
const ofPartition = killerIn(`${SRC}/partition`);

/** Breaks of what may be committed, of ownership and of fetching. */
export const offsetMutants: readonly Mutant[] = [
  {
    name: 'commit-before-effect',
    breaks: 'an offset is terminal only after the transaction of the effect has committed',
    file: `${SRC}/record/record-runner.ts`,
    search: 'outcome = await (shares ? this.shared.run(items, control) : this.transaction.run(items));',
    replace: 'items.forEach((item) => control.terminal(item)); outcome = await this.transaction.run(items);',
    killer: beside('record-runner', 'RecordRunner reports nothing terminal before the transaction committed'),
  },
  {
    name: 'commit-over-a-gap',
    breaks: 'the position to commit is the lowest record that is not terminal',
    file: `${SRC}/partition/offset-ledger.ts`,
    search: 'const position = first.done ? this.end : first.value;',
    replace: 'const position = this.end;',
    killer: ofPartition('offset-ledger', 'OffsetLedger commits the lowest offset that is not terminal'),
  },
  {
    name: 'ledger-goes-back',
    breaks: 'a committed position never goes back and is not repeated',
    file: `${SRC}/partition/offset-ledger.ts`,
    search: 'if (position > this.committed) this.committed = position;',
    replace: 'this.committed = position;',
    killer: ofPartition(
      'offset-ledger',
      'OffsetLedger does not repeat a committed position and never goes back',
    ),
  },
  {
    name: 'control-records-uncounted',
    breaks: 'control records, which nobody sees, count as covered',
    file: `${SRC}/partition/offset-ledger.ts`,
    search: 'if (lastOffset + 1n > this.end) this.end = lastOffset + 1n;',
    replace: '',
    killer: ofPartition('offset-ledger', 'OffsetLedger counts control records that only the fetch covers'),
  },
  {
    name: 'refetched-records-run',
    breaks: 'a record that was fetched before is dropped',
    file: `${SRC}/partition/offset-ledger.ts`,
    search: 'if (offset < this.end) return false;',
    replace: '',
    killer: ofPartition('offset-ledger', 'OffsetLedger drops what was fetched before'),
  },
  {
    name: 'refused-commit-forgotten',
    breaks: 'a commit that the broker refused is repeated',
    file: `${SRC}/runtime/offset-committer.ts`,
    search: 'await consumer.commit(due.map(({ position }) => position));',
    replace:
      'due.forEach(({ worker, position }) => worker.ledger.commit(position.offset)); await consumer.commit(due.map(({ position }) => position));',
    killer: beside('consumer-runtime', 'ConsumerRuntime repeats a commit that the broker refused'),
  },
  {
    name: 'fence-dropped',
    breaks: 'nothing counts that an abandoned worker brings to an end',
    file: `${SRC}/partition/partition-worker.ts`,
    search: 'if (this.signal.aborted) return;',
    replace: '',
    killer: ofPartition(
      'fence',
      'the fence of a partition lets nothing count that ends after the partition was lost',
    ),
  },
  {
    name: 'lost-partition-kept',
    breaks: 'a lost partition has no worker and no offset to commit any more',
    file: `${SRC}/runtime/group-member.ts`,
    search: 'if (continuous && owned.has(key)) continue;',
    replace: 'if (continuous) continue;',
    killer: beside(
      'rebalance',
      'a rebalance lets an open transaction of a lost partition finish and never commits its offset',
    ),
  },
  {
    name: 'missed-generation-trusted',
    breaks: 'after a missed generation nothing of before is trusted',
    file: `${SRC}/runtime/group-member.ts`,
    search: 'if (continuous && owned.has(key)) continue;',
    replace: 'if (owned.has(key)) continue;',
    killer: beside('rebalance', 'a rebalance trusts nothing of before when a generation was missed'),
  },
  {
    name: 'dispatch-during-rebalance',
    breaks: 'nothing new begins between the announcement of a rebalance and the assignment',
    file: `${SRC}/runtime/group-member.ts`,
    search: 'this.workers.forEach((worker) => worker.suspend());',
    replace: '',
    killer: beside(
      'rebalance',
      'a rebalance commits what is terminal before the join and begins nothing until it knows what it owns',
    ),
  },
  {
    name: 'pause-not-reconciled',
    breaks: 'the pause that the client kept of a lost partition is lifted when it comes back',
    file: `${SRC}/runtime/group-member.ts`,
    search: 'else this.consumer?.resume(partition);',
    replace: '',
    killer: beside(
      'rebalance',
      'a rebalance keeps the pause of a kept partition and lifts the pause of one that was lost and came back',
    ),
  },
  {
    name: 'queue-unbounded',
    breaks: 'a full queue pauses the fetching of its partition',
    file: `${SRC}/partition/partition-worker.ts`,
    search: 'this.host.pause(this.partition);',
    replace: '',
    killer: beside(
      'consumer-runtime',
      'ConsumerRuntime pauses fetching when a queue is full and goes on when it is half empty',
    ),
  },
  {
    name: 'drain-redelivers',
    breaks: 'a clean stop commits what became terminal since the last commit',
    file: `${SRC}/runtime/group-member.ts`,
    search: 'await this.commitLast();',
    replace: '',
    killer: beside(
      'clean-stop',
      'a clean stop finishes and commits what is in flight and redelivers none of it',
    ),
  },
  {
    name: 'stop-without-drain',
    breaks: 'a clean stop waits for what is in flight',
    file: `${SRC}/runtime/consumer-runtime.ts`,
    search: 'await Promise.race([draining, clock.sleep(options.drainMs, this.stopped.signal)]);',
    replace: '',
    killer: beside(
      'clean-stop',
      'a clean stop finishes and commits what is in flight and redelivers none of it',
    ),
  },
  {
    name: 'dead-client-lives-on',
    breaks: 'a crash that no new client mends ends the process',
    file: `${SRC}/runtime/group-member.ts`,
    search: 'if (!connection) {',
    replace: 'if (!connection && !error) {',
    killer: beside(
      'consumer-runtime',
      'ConsumerRuntime ends the process once after a crash that no new client mends',
    ),
  },
];
