import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Readiness } from '@millrace/service/module';
import { ConnectorKeeper } from '../connector/connector-keeper.js';
import { PartitionKeeper } from '../partitions/partition-keeper.js';
import { KeeperDatabase } from '../store/keeper-database.js';

/** Starts the keepers with the process, stops them before it, and says whether what they keep is well. */
@Injectable()
export class KeeperRuntime
  implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  constructor(
    private readonly connector: ConnectorKeeper,
    private readonly partitions: PartitionKeeper,
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
    readiness.add('partitions', () => {
      const { ready, problem } = this.partitions.status();
      return { ok: ready, ...(problem === undefined ? {} : { reason: problem }) };
    });
  }

  /** Begins to keep. */
  onApplicationBootstrap(): void {
    this.partitions.start();
    this.connector.start();
  }

  /** Ends keeping; connector and partitions stay as they are. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.connector.stop(), this.partitions.stop()]);
  }

  /** Ends the connections, when nobody uses them any more. */
  async onApplicationShutdown(): Promise<void> {
    await this.database.end();
  }
}
