import { ConfigError, milliseconds, readConfig } from '@millrace/config';

/** What a hold outlives its order by, at least: events of an order that ends in its last moment still find it. */
const MARGIN_MS = 600_000;

/** Variables of the inventory service. */
export const inventoryVariables = {
  INVENTORY_HOLD_TTL_MS: milliseconds({
    default: 90_000_000,
    desc: 'time after which stock that nobody confirmed is free again, in milliseconds',
  }),
  ORDER_DEADLINE_MS: milliseconds({
    default: 900_000,
    desc: 'time that the checks of an order have, as the order service is told it, in milliseconds',
  }),
  ORDER_REVIEW_DEADLINE_MS: milliseconds({
    default: 86_400_000,
    desc: 'time that a review has, as the order service is told it, in milliseconds',
  }),
  INVENTORY_RECONCILE_EVERY_MS: milliseconds({
    default: 600_000,
    desc: 'pause between two comparisons of stock, ledger and reservations, in milliseconds',
  }),
};

/** What the inventory service reads from its environment beyond what every service does. */
export class InventoryConfig {
  constructor(
    /** Time after which stock that nobody confirmed is free again, milliseconds. */
    readonly holdTtlMs: number,
    /** Pause between two reconciliations, milliseconds. */
    readonly reconcileEveryMs: number,
  ) {}
}

/**
 * Reads the configuration; throws `ConfigError` when a hold could end before its order does: a review that begins in the
 * last moment of the checks' deadline has all of its own time.
 */
export function readInventoryConfig(environment?: NodeJS.ProcessEnv): InventoryConfig {
  const config = readConfig(inventoryVariables, environment);
  const least = config.ORDER_DEADLINE_MS + config.ORDER_REVIEW_DEADLINE_MS + MARGIN_MS;
  if (config.INVENTORY_HOLD_TTL_MS < least) {
    throw new ConfigError([
      `INVENTORY_HOLD_TTL_MS: must be at least ${least}, which is ORDER_DEADLINE_MS and ORDER_REVIEW_DEADLINE_MS and ten minutes: a hold must outlive its order`,
    ]);
  }
  return new InventoryConfig(config.INVENTORY_HOLD_TTL_MS, config.INVENTORY_RECONCILE_EVERY_MS);
}
