import { topology } from '@millrace/contracts';
import type { KeeperDatabase } from '../store/keeper-database.js';
import { EventLedger } from './event-ledger.js';
import { outboxTables, reconciledGroups } from './reconciled-groups.js';
import { Reconciler } from './reconciler.js';
import { OpsToken, type TokenClient } from './states/ops-token.js';
import { StatesClient } from './states/states-client.js';

const MINUTE_MS = 60_000;

/** Where a reconciler of the whole fleet looks. */
export interface ReconciledFleet {
  readonly database: KeeperDatabase;
  /** Replication slot of the connector. */
  readonly slot: string;
  /** Where each service listens, by name. */
  readonly serviceUrls: ReadonlyMap<string, string>;
  /** How the keeper gets a token for the services; undefined where they ask for none. */
  readonly opsToken: TokenClient | undefined;
  /** Minutes of events before now that each comparison covers. */
  readonly windowMinutes: number;
}

/** The reconciler of every outbox and every consumer of the topology. */
export function fleetReconciler(fleet: ReconciledFleet): Reconciler {
  const { database, slot, serviceUrls, opsToken, windowMinutes } = fleet;
  return new Reconciler({
    ledger: new EventLedger(database, slot, outboxTables(topology)),
    states: new StatesClient(serviceUrls, opsToken && new OpsToken(opsToken)),
    groups: reconciledGroups(topology),
    windowMs: windowMinutes * MINUTE_MS,
  });
}
