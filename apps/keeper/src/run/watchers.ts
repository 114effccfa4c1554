import { topology } from '@millrace/contracts';
import { createKafkaOffsets } from '@millrace/messaging';
import { countReconciled, logger } from '@millrace/telemetry';
import { fleetReconciler } from '../reconcile/fleet-reconciler.js';
import { ReconcileKeeper } from '../reconcile/reconcile-keeper.js';
import type { KeeperDatabase } from '../store/keeper-database.js';
import { systemClock } from '../timing/clock.js';
import { GroupWatch } from '../watch/group-watch.js';
import type { WatchTimes } from '../watch/partition-watch.js';
import { watchedTopics } from '../watch/watched-topics.js';
import type { KeeperConfig } from './keeper.config.js';

/** Looks of a window: with one every 5 s a group that stands still is told after 25 s at most. */
const LOOKS = 3;

/** Age of a first uncommitted record in milliseconds that no look tells from a commit that is under way. */
const LEAST_ALLOWED_AGE_MS = 5_000;

/** Times of a watch that looks so often; milliseconds. */
export function watchTimes(lookMs: number): WatchTimes {
  return { lookMs, windowMs: LOOKS * lookMs, allowedAgeMs: Math.max(lookMs, LEAST_ALLOWED_AGE_MS) };
}

/** The watch over all consumer groups of the fleet. */
export function groupWatch({ kafka, watchEveryMs }: KeeperConfig): GroupWatch {
  return new GroupWatch({
    connect: () => createKafkaOffsets({ ...kafka, clientId: 'keeper' }),
    watched: watchedTopics(topology),
    times: watchTimes(watchEveryMs),
    clock: systemClock,
    log: logger('watch'),
  });
}

/** The keeper that compares outboxes and inboxes, as far as the watch sees that the groups have got. */
export function reconcileKeeper(
  config: KeeperConfig,
  database: KeeperDatabase,
  watch: GroupWatch,
): ReconcileKeeper {
  return new ReconcileKeeper({
    reconciler: fleetReconciler({ ...config, database, windowMinutes: config.reconcileWindowMinutes }),
    sight: () => watch.sight(),
    checked: countReconciled,
    everyMs: config.reconcileEveryMs,
    clock: systemClock,
    log: logger('reconcile'),
  });
}
