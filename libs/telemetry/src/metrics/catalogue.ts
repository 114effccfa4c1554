import { MessagingAttribute } from '../tracing/messaging/messaging-attributes.js';
import type { Emitter, Metric, MetricKind, MetricUnit } from './metric.js';

const { SYSTEM, OPERATION_NAME, DESTINATION, GROUP, ERROR_TYPE } = MessagingAttribute;
const CONVENTIONAL = [SYSTEM, OPERATION_NAME, DESTINATION, GROUP] as const;
const PLACE = ['group', 'topic'] as const;
const PARTITION = ['group', 'topic', 'partition'] as const;

/** Gives the metrics of one emitter, each written as kind, name, unit, labels and description. */
function by(emitter: Emitter) {
  const of =
    <Kind extends MetricKind>(kind: Kind) =>
    <const Name extends string, const Label extends string = never>(
      name: Name,
      unit: MetricUnit,
      labels: readonly Label[],
      description: string,
    ): Metric<Name, Kind, Label> => ({ name, kind, unit, labels, description, by: emitter });
  return { counter: of('counter'), gauge: of('gauge'), histogram: of('histogram') };
}

const service = by('service');
const runtime = by('runtime');
const outbox = by('outbox');
const replayer = by('replayer');
const keeper = by('keeper');
const watch = by('watch');
const reconciler = by('reconciler');
const inventory = by('inventory');

/**
 * Every metric of the fleet: the one place of name, unit, labels and description. Instruments are made from its entries
 * (`instrument.ts`), and alerts and dashboards are checked against it.
 */
export const METRICS = [
  service.histogram(
    'http.server.request.duration',
    's',
    ['http.request.method', 'http.route', 'http.response.status_code'],
    'Time from the head of a request to the end of its answer',
  ),
  service.histogram(
    'db.client.operation.duration',
    's',
    ['db.system.name', 'db.operation.name', ERROR_TYPE],
    'Time from sending a statement to its answer, by its first word',
  ),
  service.gauge(
    'nodejs.eventloop.delay.p99',
    's',
    [],
    'Delay of the event loop since the last scrape, 99th percentile',
  ),
  service.gauge('v8js.memory.heap.used', 'By', [], 'JavaScript heap in use'),
  service.gauge('process.memory.usage', 'By', [], 'Resident memory'),
  service.gauge('millrace.drain.duration', 's', ['service'], 'Time since the stop began; 0 while none has'),

  runtime.counter('messaging.client.consumed.messages', '', CONVENTIONAL, 'Records that were fetched'),
  runtime.counter(
    'messaging.client.sent.messages',
    '',
    CONVENTIONAL,
    'Records that the consumer itself has sent: retries, dead letters, replays',
  ),
  runtime.histogram(
    'messaging.client.operation.duration',
    's',
    [...CONVENTIONAL, ERROR_TYPE],
    'Time that a request to Kafka took: send, commit, or poll (of all partitions of a broker)',
  ),
  runtime.histogram(
    'messaging.process.duration',
    's',
    [...CONVENTIONAL, ERROR_TYPE],
    'Time that the handling of a batch took',
  ),
  runtime.histogram(
    'millrace.event.latency',
    's',
    ['group', 'type', 'stage'],
    'Time from the write of an event to its effect, by stage: capture, deliver, process, and total',
  ),
  runtime.histogram(
    'millrace.consumer.phase.duration',
    's',
    ['group', 'phase'],
    'Time that batches spend in a phase: fetch, queue, handle, db, commit',
  ),
  runtime.counter(
    'millrace.attempts',
    '',
    [...PLACE, 'outcome'],
    'Attempts to handle a record, by outcome: done, retry, delayed, parked, dead, hold',
  ),
  runtime.counter('millrace.retry.messages', '', [...PLACE, 'delay'], 'Records sent to a retry topic'),
  runtime.counter('millrace.dlq.messages', '', [...PLACE, 'reason'], 'Records sent to a dead-letter topic'),
  runtime.gauge('millrace.dlq.unresolved', '', [...PLACE, 'reason'], 'Dead events that nobody has resolved'),
  runtime.gauge(
    'millrace.dlq.oldest.age',
    's',
    PLACE,
    'Time since the oldest unresolved event died; 0 if none',
  ),
  runtime.gauge('millrace.parked.keys', '', PLACE, 'Keys whose records wait for their head'),
  runtime.counter(
    'millrace.inbox.duplicates',
    '',
    PLACE,
    'Records that the inbox knew and that took no effect',
  ),
  runtime.counter('millrace.contract.violations', '', ['group', 'type'], 'Records that broke their contract'),
  runtime.counter(
    'millrace.contract.unknown.enum',
    '',
    ['group', 'type'],
    'Values of open enums that this consumer does not know',
  ),
  runtime.counter(
    'millrace.contract.version.seen',
    '',
    ['group', 'type', 'version'],
    'Records read, by the version of their contract; `other` for one that this consumer does not know',
  ),
  runtime.gauge('millrace.consumer.inflight', '', PLACE, 'Records fetched and not yet terminal'),
  runtime.gauge('millrace.consumer.paused.partitions', '', PLACE, 'Assigned partitions that are not fetched'),
  runtime.counter('millrace.consumer.rebalances', '', ['group'], 'Generations of the group that were joined'),
  runtime.gauge(
    'millrace.consumer.held',
    '',
    ['group', 'cause'],
    'Whether the consumer holds, by cause: DEPENDENCY (one is away), SYSTEMIC (most records fail)',
  ),
  runtime.counter(
    'millrace.consumer.skipped.offsets',
    '',
    PLACE,
    'Offsets between the committed position and the first fetched record: records nobody handled',
  ),
  replayer.counter('millrace.replay.messages', '', PLACE, 'Dead events given to a replay'),
  outbox.counter('millrace.outbox.written', '', ['topic'], 'Events written to the outbox'),

  keeper.gauge(
    'millrace.outbox.oldest.unpublished.age',
    's',
    ['schema'],
    'Age of the oldest outbox row that the slot has not confirmed, at most; 0 when there is none',
  ),
  keeper.gauge('millrace.cdc.slot.present', '', ['slot'], 'Whether the replication slot exists'),
  keeper.gauge('millrace.cdc.slot.active', '', ['slot'], 'Whether somebody reads the replication slot'),
  keeper.gauge(
    'millrace.cdc.slot.lost',
    '',
    ['slot'],
    'Whether the server gave up the WAL that the slot needs',
  ),
  keeper.gauge(
    'millrace.cdc.slot.trusted',
    '',
    ['slot'],
    'Whether the slot is the one that the keeper made; 0 asks for keeper recover',
  ),
  keeper.gauge('millrace.cdc.slot.lag', 'By', ['slot'], 'WAL that the slot has not confirmed'),
  keeper.gauge('millrace.cdc.slot.retained', 'By', ['slot'], 'WAL that the server keeps for the slot'),
  keeper.gauge(
    'millrace.cdc.slot.safe',
    'By',
    ['slot'],
    'WAL that can be written before the slot may be lost; absent when it is unlimited',
  ),
  keeper.gauge(
    'millrace.partitions.overdue',
    '',
    ['schema', 'table'],
    'Day partitions that should have been dropped more than a day ago',
  ),
  keeper.gauge(
    'millrace.connector.tasks',
    '',
    ['connector', 'state'],
    'Tasks of the connector, by state: running, failed, other',
  ),
  keeper.gauge(
    'millrace.connector.running',
    '',
    ['connector'],
    'Whether the connector and all its tasks run',
  ),

  watch.gauge('millrace.consumer.lag', '', PARTITION, 'Records after the committed position'),
  watch.gauge(
    'millrace.consumer.head.age',
    's',
    PARTITION,
    'Age of the first uncommitted record; 0 without lag',
  ),
  watch.gauge(
    'millrace.consumer.status',
    '',
    [...PARTITION, 'status'],
    'Whether that is how the partition stands: ok, warn, stop, stall, rewind',
  ),
  watch.gauge('millrace.consumer.group.members', '', ['group'], 'Members of the group'),
  watch.gauge(
    'millrace.consumer.lost.offsets',
    '',
    PARTITION,
    'Offsets between the committed position and the oldest record that is left',
  ),
  watch.gauge(
    'millrace.consumer.retention.left',
    's',
    PARTITION,
    'Time until the first uncommitted record may be deleted; absent without lag',
  ),
  watch.gauge('millrace.watch.age', 's', [], 'Time since the last complete look at all groups'),
  reconciler.gauge('millrace.reconcile.missing', '', ['group'], 'Events of the outboxes without an outcome'),
  reconciler.gauge('millrace.reconcile.extra', '', ['group'], 'Outcomes of events that no outbox has'),
  reconciler.counter('millrace.reconcile.checked', '', ['group'], 'Events compared'),
  reconciler.gauge('millrace.reconcile.age', 's', ['group'], 'Time since the last complete comparison'),

  inventory.counter(
    'millrace.holds.signals',
    '',
    ['signal', 'effect'],
    'What holds on stock were told, by signal and by what it did',
  ),
  inventory.gauge(
    'millrace.stock.differing.skus',
    '',
    [],
    'SKUs whose stock is not what ledger and reservations add up to, at the last look',
  ),
] as const;

type Entry = (typeof METRICS)[number];

/** Names of the catalogue's metrics of a kind. */
export type MetricName<Kind extends MetricKind = MetricKind> = Extract<Entry, { kind: Kind }>['name'];

/** Labels that a metric may have. */
export type LabelOf<Name extends MetricName> = Extract<Entry, { name: Name }>['labels'][number];

const byName: ReadonlyMap<string, Metric> = new Map(METRICS.map((metric) => [metric.name, metric]));

/** The catalogue's entry of that name. */
export function metricNamed(name: MetricName): Metric {
  const metric = byName.get(name);
  if (metric === undefined) throw new TypeError(`'${name}' is no metric of the catalogue`);
  return metric;
}
