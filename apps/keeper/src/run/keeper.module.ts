import { Module, type FactoryProvider } from '@nestjs/common';
import { ServiceModule } from '@millrace/service/module';
import { ConnectorKeeper } from '../connector/connector-keeper.js';
import { PartitionKeeper } from '../partitions/partition-keeper.js';
import { SlotKeeper } from '../slot/slot-keeper.js';
import { KeeperDatabase } from '../store/keeper-database.js';
import { KeeperRuntime } from './keeper-runtime.js';
import { readKeeperConfig } from './keeper.config.js';
import { connectorKeeper, partitionKeeper, slotKeeper } from './keepers.js';

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

/** `keeper run`: health and metrics of every service, and the three keepers. */
@Module({
  imports: [ServiceModule.forService({ name: 'keeper', database: false })],
  providers: [...keepers, KeeperRuntime],
})
export class KeeperModule {}
