import {
  DEAD_LETTER_RETENTION_MS,
  DOMAIN_RETENTION_MS,
  ownerRole,
  producersOf,
  schemaOf,
  topology,
} from '@millrace/contracts';
import { logger } from '@millrace/telemetry';
import { outboxesOf } from '../capture/capture-names.js';
import { captureProblem } from '../capture/capture-problem.js';
import { captureProof } from '../capture/capture-proof.js';
import { ConnectClient } from '../connector/connect-client.js';
import { readConnectorFile } from '../connector/connector-file.js';
import { ConnectorKeeper } from '../connector/connector-keeper.js';
import { ensurePartitions } from '../partitions/ensure-partitions.js';
import { PartitionKeeper } from '../partitions/partition-keeper.js';
import { partitionedTables } from '../partitions/partition-plan.js';
import { retirePartitions } from '../partitions/retire-partitions.js';
import { SlotKeeper } from '../slot/slot-keeper.js';
import { SlotLedger } from '../slot/slot-ledger.js';
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

const DAY_MS = 24 * 60 * 60 * 1_000;

/** An event may come back from a dead-letter topic for so long; a day more, so that the last of it still finds its inbox row. */
export const INBOX_RETENTION_DAYS = Math.ceil((DOMAIN_RETENTION_MS + DEAD_LETTER_RETENTION_MS) / DAY_MS) + 1;

/** The keeper of the fleet's day partitions. */
export function partitionKeeper(config: KeeperConfig, database: KeeperDatabase): PartitionKeeper {
  const tables = partitionedTables(topology);
  const retention = { outboxDays: config.outboxRetentionDays, inboxDays: INBOX_RETENTION_DAYS };
  return new PartitionKeeper({
    ensure: (days) => database.use((client) => ensurePartitions(client, tables, days)),
    retire: (now) =>
      database.use(async (client) => {
        const proof = await captureProof(client, config.slot);
        return retirePartitions(client, tables, { now, retention, proof });
      }),
    clock: systemClock,
    log: logger('partitions'),
  });
}

/** The keeper of the connector's slot. */
export function slotKeeper(config: KeeperConfig, database: KeeperDatabase): SlotKeeper {
  const outboxes = producersOf(topology).map(({ name }) => ({
    schema: schemaOf(name),
    owner: ownerRole(name),
  }));
  return new SlotKeeper({
    ledger: new SlotLedger(database, config.slot, outboxes),
    connect: new ConnectClient(config.connectUrl),
    connector: config.connectorName,
    slot: config.slot,
    clock: systemClock,
    log: logger('slot'),
  });
}
