import { Module, type FactoryProvider } from '@nestjs/common';
import { ServiceModule } from '@millrace/service/module';
import { ConnectorKeeper } from '../connector/connector-keeper.js';
import { PartitionKeeper } from '../partitions/partition-keeper.js';
import { KeeperDatabase } from '../store/keeper-database.js';
import { KeeperRuntime } from './keeper-runtime.js';
import { readKeeperConfig } from './keeper.config.js';
import { connectorKeeper, partitionKeeper } from './keepers.js';

const keepers: FactoryProvider[] = [
  { provide: KeeperDatabase, useFactory: () => new KeeperDatabase(readKeeperConfig().databaseUrl) },
  {
    provide: ConnectorKeeper,
    useFactory: (database: KeeperDatabase) => connectorKeeper(readKeeperConfig(), database),
    inject: [KeeperDatabase],
  },
  { provide: PartitionKeeper, useFactory: partitionKeeper, inject: [KeeperDatabase] },
];

/** `keeper run`: health and metrics of every service, and the two keepers. */
@Module({
  imports: [ServiceModule.forService({ name: 'keeper', database: false })],
  providers: [...keepers, KeeperRuntime],
})
export class KeeperModule {}
