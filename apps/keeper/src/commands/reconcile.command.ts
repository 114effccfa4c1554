import { kafkaConnectionOf } from '@millrace/config';
import { topology } from '@millrace/contracts';
import { createKafkaOffsets } from '@millrace/messaging';
import { fleetReconciler } from '../reconcile/fleet-reconciler.js';
import { opsTokenClientOf } from '../reconcile/states/ops-token.variables.js';
import { reconcileOnce, type GroupReport } from '../reconcile/reconcile-once.js';
import { KeeperDatabase } from '../store/keeper-database.js';
import { systemClock } from '../timing/clock.js';
import { readReconcileConfig } from './config/reconcile.config.js';
import { UnreachableError } from './unreachable.error.js';

/** `keeper reconcile`: prints what each group lacks or has too much of; true when all were compared and nothing differs. */
export async function reconcile(): Promise<boolean> {
  const config = readReconcileConfig();
  const opsToken = opsTokenClientOf(config);
  const kafka = { ...kafkaConnectionOf(config), clientId: 'keeper' };
  const offsets = await createKafkaOffsets(kafka).catch((error: unknown) => {
    throw new UnreachableError('Kafka', 'KAFKA_BROKERS', error);
  });
  const database = new KeeperDatabase(config.DATABASE_URL);
  try {
    const reconciler = fleetReconciler({
      database,
      slot: config.CAPTURE_SLOT,
      serviceUrls: config.SERVICE_URLS,
      opsToken,
      windowMinutes: config.RECONCILE_WINDOW_MINUTES,
    });
    const reports = await reconcileOnce({ reconciler, offsets, services: topology, clock: systemClock });
    process.stdout.write(printed(reports));
    return reports.every(isWell);
  } finally {
    await Promise.all([offsets.close(), database.end()]);
  }
}

function isWell(report: GroupReport): boolean {
  return report.kind === 'compared' && report.complete && report.missing.size + report.extra.size === 0;
}

function printed(reports: readonly GroupReport[]): string {
  const lines = reports.flatMap((report) => {
    if (report.kind === 'behind')
      return [`${report.group.padEnd(16)} not compared: it has not read what is published, or never ran`];
    const { group, events, missing, extra, complete } = report;
    return [
      `${group.padEnd(16)} ${events} events, ${missing.size} missing, ${extra.size} extra`,
      ...(complete ? [] : ['  so much differs that the older events were not looked at']),
      ...[...missing].map(([id, topic]) => `  missing ${id} of ${topic}`),
      ...[...extra].map((id) => `  extra   ${id}`),
    ];
  });
  return `${lines.join('\n')}\n`;
}
