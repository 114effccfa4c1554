import { Module, type FactoryProvider } from '@nestjs/common';
import { ServiceModule } from '@millrace/service/module';
import { ConnectorKeeper } from '../connector/connector-keeper.js';
import { PartitionKeeper } from '../partitions/partition-keeper.js';
import { ReconcileKeeper } from '../reconcile/reconcile-keeper.js';
import { SlotKeeper } from '../slot/slot-keeper.js';
import { KeeperDatabase } from '../store/keeper-database.js';
import { GroupWatch } from '../watch/group-watch.js';
import { KeeperRuntime } from './keeper-runtime.js';
import { readKeeperConfig } from './keeper.config.js';
import { connectorKeeper, partitionKeeper, slotKeeper } from './keepers.js';
import { WatchRuntime } from './watch-runtime.js';
import { groupWatch, reconcileKeeper } from './watchers.js';

const keepers: FactoryProvider[] = [
  { provide: KeeperDatabase, useFactory: () => new KeeperDatabase(readKeeperConfig().databaseUrl) },
  {
    provide: ConnectorKeeper,
    useFactory: (database: KeeperDatabase) => connectorKeeper(readKeeperConfig(), database),
    inject: [KeeperDatabase],
  },
  {
    provide: PartitionKeeper,
    useFactory: (database: KeeperDatabase) => partitionKeeper(readKeeperConfig(), database),
    inject: [KeeperDatabase],
  },
  {
    provide: SlotKeeper,
    useFactory: (database: KeeperDatabase) => slotKeeper(readKeeperConfig(), database),
    inject: [KeeperDatabase],
  },
];

const watchers: FactoryProvider[] = [
  { provide: GroupWatch, useFactory: () => groupWatch(readKeeperConfig()) },
  {
    provide: ReconcileKeeper,
    useFactory: (database: KeeperDatabase, watch: GroupWatch) =>
      reconcileKeeper(readKeeperConfig(), database, watch),
    inject: [KeeperDatabase, GroupWatch],
  },
];

/** `keeper run`: health and metrics of every service, the three keepers, and those that only watch. */
@Module({
  imports: [ServiceModule.forService({ name: 'keeper', database: false })],
  providers: [...keepers, ...watchers, KeeperRuntime, WatchRuntime],
})
export class KeeperModule {}
