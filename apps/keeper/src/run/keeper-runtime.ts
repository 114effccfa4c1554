import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Readiness } from '@millrace/service/module';
import { observeCapture, type CaptureMeasures, type OverduePartitions } from '@millrace/telemetry';
import { ConnectorKeeper } from '../connector/connector-keeper.js';
import { PartitionKeeper } from '../partitions/partition-keeper.js';
import type { RetiredPartition } from '../partitions/retire-partitions.js';
import { SlotKeeper } from '../slot/slot-keeper.js';
import { KeeperDatabase } from '../store/keeper-database.js';

/** Starts the keepers with the process, stops them before it, and says whether what they keep is well. */
@Injectable()
export class KeeperRuntime
  implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  #forget: () => void = () => undefined;

  constructor(
    private readonly connector: ConnectorKeeper,
    private readonly partitions: PartitionKeeper,
    private readonly slot: SlotKeeper,
    private readonly database: KeeperDatabase,
    readiness: Readiness,
  ) {
    readiness.add('connector', () => {
      const { phase, problem } = this.connector.status();
      return {
        ok: phase === 'running',
        ...(problem === undefined ? {} : { reason: `${phase}: ${problem}` }),
      };
    });
    readiness.add('slot', () => {
      const { ok, reason } = this.#slotCondition();
      return { ok, ...(reason === undefined ? {} : { reason }) };
    });
    readiness.add('partitions', () => {
      const { ready, problem } = this.partitions.status();
      return { ok: ready, ...(problem === undefined ? {} : { reason: problem }) };
    });
  }

  /** Begins to keep. */
  onApplicationBootstrap(): void {
    this.partitions.start();
    this.slot.start();
    this.connector.start();
    this.#forget = observeCapture(() => this.#measures());
  }

  /** Ends keeping; connector and partitions stay as they are. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#forget();
    await Promise.all([this.connector.stop(), this.slot.stop(), this.partitions.stop()]);
  }

  /** Ends the connections, when nobody uses them any more. */
  async onApplicationShutdown(): Promise<void> {
    await this.database.end();
  }

  #slotCondition() {
    return this.slot.status(this.connector.status().phase === 'running');
  }

  #measures(): CaptureMeasures {
    const condition = this.#slotCondition();
    const running = this.connector.status().phase === 'running';
    return {
      ...condition,
      slot: this.slot.name,
      overdue: counted(this.partitions.status().overdue),
      connector: { name: this.connector.name, running, tasks: this.connector.tasks() },
    };
  }
}

function counted(overdue: readonly RetiredPartition[]): OverduePartitions[] {
  const groups = Map.groupBy(overdue, ({ schema, table }) => `${schema}.${table}`);
  return [...groups.values()].flatMap((group) =>
    group.slice(0, 1).map(({ schema, table }) => ({ schema, table, count: group.length })),
  );
}
