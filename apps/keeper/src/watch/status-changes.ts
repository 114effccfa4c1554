import type { KeeperLog } from '../timing/keeper-log.js';
import type { ConsumerStatus } from './consumer-status.js';
import type { Standing } from './standings.js';

/** Tells of a group and topic when its partitions stand otherwise than at the look before: one line each. */
export class StatusChanges {
  #told = new Map<string, string>();

  constructor(private readonly log: KeeperLog) {}

  /** Compares with the look before. */
  tell(standings: readonly Standing[]): void {
    const groups = Map.groupBy(standings, ({ group, topic }) => `${group} ${topic}`);
    for (const [key, those] of groups) {
      const troubles = troublesOf(those);
      const text = JSON.stringify(troubles);
      const before = this.#told.get(key) ?? '{}';
      this.#told.set(key, text);
      const [first] = those;
      if (!first || text === before) continue;
      const { group, topic } = first;
      if (text === '{}') this.log.info({ group, topic }, 'consumer group keeps up again');
      else this.log.warn({ group, topic, partitions: troubles }, 'consumer group does not keep up');
    }
  }
}

/** Partitions by status, without those that are well. */
function troublesOf(standings: readonly Standing[]): Partial<Record<ConsumerStatus, readonly number[]>> {
  const troubles = standings.filter(({ status }) => status !== 'ok');
  const byStatus = Map.groupBy(troubles, ({ status }) => status);
  return Object.fromEntries(
    [...byStatus].map(([status, those]) => [status, those.map((one) => one.partition)]),
  );
}
