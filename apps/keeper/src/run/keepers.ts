import { topology } from '@millrace/contracts';
import { logger } from '@millrace/telemetry';
import { outboxesOf } from '../capture/capture-names.js';
import { captureProblem } from '../capture/capture-problem.js';
import { ConnectClient } from '../connector/connect-client.js';
import { readConnectorFile } from '../connector/connector-file.js';
import { ConnectorKeeper } from '../connector/connector-keeper.js';
import { ensurePartitions } from '../partitions/ensure-partitions.js';
import { PartitionKeeper } from '../partitions/partition-keeper.js';
import { partitionedTables } from '../partitions/partition-plan.js';
import type { KeeperDatabase } from '../store/keeper-database.js';
import { systemClock } from '../timing/clock.js';
import type { KeeperConfig } from './keeper.config.js';

/** The keeper of the fleet's connector; throws `ConnectorFileError` when its file cannot be used. */
export async function connectorKeeper(
  config: KeeperConfig,
  database: KeeperDatabase,
): Promise<ConnectorKeeper> {
  const outboxes = outboxesOf(topology);
  return new ConnectorKeeper({
    connect: new ConnectClient(config.connectUrl),
    name: config.connectorName,
    config: await readConnectorFile(config.connectorFile),
    captureProblem: () => database.use((client) => captureProblem(client, outboxes, config.slot)),
    clock: systemClock,
    log: logger('connector'),
  });
}

/** The keeper of the fleet's day partitions. */
export function partitionKeeper(database: KeeperDatabase): PartitionKeeper {
  const tables = partitionedTables(topology);
  return new PartitionKeeper({
    ensure: (days) => database.use((client) => ensurePartitions(client, tables, days)),
    clock: systemClock,
    log: logger('partitions'),
  });
}
