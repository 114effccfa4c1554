import { AlertCases } from './alert-case.js';

const PLACE = { group: 'fraud', topic: 'order.created' };
const PARTITION = { ...PLACE, partition: '3' };

/** A series of partition 3 of order.created in the group fraud, or of another partition. */
const ofPartition = (what: string, partition = 3, more = ''): string =>
  `millrace_consumer_${what}{group="fraud", topic="order.created", partition="${partition}"${more}}`;

const inStatus = (status: string): string => ofPartition('status', 3, `, status="${status}"`);

const SKIPPED = 'millrace_consumer_skipped_offsets_total{group="fraud", topic="order.created"}';
const MEMBERS = 'millrace_consumer_group_members{group="fraud"}';
const REBALANCES = 'millrace_consumer_rebalances_total{group="fraud", instance="a"}';
const DRAIN = 'millrace_drain_duration_seconds{service="fraud"}';
const PARKED = 'millrace_parked_keys{group="fraud", topic="order.created"}';
const HELD = 'millrace_consumer_held{group="fraud", cause="DEPENDENCY"}';

const status = [
  new AlertCases('ConsumerStalled')
    .fires(
      'the watch has seen it stand still for a minute',
      '3m',
      { [inStatus('stall')]: '0 1x5', [inStatus('ok')]: '1 0x5' },
      {
        labels: PARTITION,
      },
    )
    .isSilent('it moves again', '3m', { [inStatus('stall')]: '1 1 0 0', [inStatus('ok')]: '0 0 1 1' })
    .isSilent('it has just been seen', '3m', { [inStatus('stall')]: '0 0 0 1', [inStatus('ok')]: '1 1 1 0' })
    .isSilent('it only falls behind', '3m', { [inStatus('stall')]: '0x5', [inStatus('warn')]: '1x5' }),
  new AlertCases('ConsumerFallingBehind')
    .fires(
      'its lag has not shrunk for five minutes',
      '7m',
      { [inStatus('warn')]: '0 1x10' },
      { labels: PARTITION },
    )
    .isSilent('its lag shrinks in between', '7m', { [inStatus('warn')]: '1 1 1 1 0 1 1 1' }),
  new AlertCases('ConsumerRewound')
    .fires('the committed offset went back', '1m', { [inStatus('rewind')]: '0 1' }, { labels: PARTITION })
    .isSilent('it has caught up', '1m', { [inStatus('rewind')]: '1 0', [inStatus('ok')]: '0 1' }),
];

const position = [
  new AlertCases('ConsumerDataLoss')
    .fires(
      'the oldest record left is beyond the committed position',
      '1m',
      {
        [ofPartition('lost_offsets')]: '0 5',
        [SKIPPED]: '0x5',
      },
      { labels: PLACE },
    )
    .fires(
      'fetching went on beyond records that are gone',
      '5m',
      { [ofPartition('lost_offsets')]: '0x5', [SKIPPED]: '0x3 7 7' },
      {
        labels: PLACE,
      },
    )
    .isSilent('nothing is lost', '5m', { [ofPartition('lost_offsets')]: '0x5', [SKIPPED]: '0x5' })
    .isSilent('something was lost an hour ago', '60m', {
      [ofPartition('lost_offsets')]: '0x60',
      [SKIPPED]: '0 7x60',
    }),
  new AlertCases('ConsumerRetentionWillDrop')
    .fires(
      'the head may be deleted within a day',
      '6m',
      { [ofPartition('retention_left_seconds')]: '80000x10' },
      {
        labels: PARTITION,
        value: '22h 13m 20s',
      },
    )
    .isSilent('there is more than a day', '6m', { [ofPartition('retention_left_seconds')]: '90000x10' })
    .isSilent('a day has just begun to run out', '6m', {
      [ofPartition('retention_left_seconds')]: '90000x5 80000x5',
    })
    .isSilent('there is no lag', '6m', {}),
  new AlertCases('HeadOfLineBlocked')
    .fires(
      'one partition is old and another is not',
      '3m',
      {
        [ofPartition('head_age_seconds', 3)]: '90x5',
        [ofPartition('head_age_seconds', 4)]: '3x5',
      },
      { labels: PARTITION, value: '1m 30s' },
    )
    .isSilent('all partitions are old: it falls behind as a whole', '3m', {
      [ofPartition('head_age_seconds', 3)]: '90x5',
      [ofPartition('head_age_seconds', 4)]: '80x5',
    })
    .isSilent('the record has just become old', '3m', {
      [ofPartition('head_age_seconds', 3)]: '1 1 50 90',
      [ofPartition('head_age_seconds', 4)]: '1x5',
    })
    .isSilent('no partition is up to date', '3m', {
      [ofPartition('head_age_seconds', 3)]: '90x5',
      [ofPartition('head_age_seconds', 4)]: '10x5',
    })
    .isSilent('a record waits on its retry topic on purpose', '3m', {
      'millrace_consumer_head_age_seconds{group="fraud.retry", topic="fraud.order.created.retry.10m", partition="3"}':
        '90x5',
      'millrace_consumer_head_age_seconds{group="fraud.retry", topic="fraud.order.created.retry.10m", partition="4"}':
        '0x5',
    })
    .isSilent('the record is not old', '3m', {
      [ofPartition('head_age_seconds', 3)]: '50x5',
      [ofPartition('head_age_seconds', 4)]: '1x5',
    })
    .isSilent('the record was handled after a minute', '3m', {
      [ofPartition('head_age_seconds', 3)]: '90 90 0 0',
      [ofPartition('head_age_seconds', 4)]: '1x5',
    }),
  new AlertCases('KeysParkedForLong')
    .fires(
      'two keys have waited for half an hour',
      '31m',
      { [PARKED]: '2x40' },
      { labels: PLACE, value: '2' },
    )
    .isSilent('they waited twice, but not for long', '31m', { [PARKED]: '2x20 0 2x20' })
    .isSilent('they have begun to wait', '10m', { [PARKED]: '2x40' }),
];

const group = [
  new AlertCases('GroupEmpty')
    .fires(
      'it has had no member for two minutes',
      '3m',
      { [MEMBERS]: '2 0x5' },
      { labels: { group: 'fraud' } },
    )
    .isSilent('it was restarted', '3m', { [MEMBERS]: '2 0 1 1' })
    .isSilent('its last member has just left', '3m', { [MEMBERS]: '2 2 2 0' }),
  new AlertCases('RebalanceStorm')
    .fires(
      'it rebalances every minute',
      '15m',
      { [REBALANCES]: '0+1x20' },
      { labels: { group: 'fraud' }, value: '10' },
    )
    .isSilent('a rollout joined five generations', '10m', { [REBALANCES]: '0+1x5 5x10' }),
  new AlertCases('ConsumerHolds')
    .fires(
      'its database has been away for two minutes',
      '3m',
      { [HELD]: '0 1x5' },
      {
        labels: { group: 'fraud', cause: 'DEPENDENCY' },
      },
    )
    .isSilent('its database came back', '3m', { [HELD]: '1 1 0 0' })
    .isSilent('its database has just gone', '3m', { [HELD]: '0 0 0 1' }),
  new AlertCases('DrainTooLong')
    .fires(
      'it has been stopping for 20 s',
      '2m',
      { [DRAIN]: '0 0 20' },
      { labels: { service: 'fraud' }, value: '20s' },
    )
    .isSilent('it has been stopping for 10 s', '2m', { [DRAIN]: '0 0 10' }),
];

/** Cases of the alerts on groups, positions and members. */
export const consumersCases = [...status, ...position, ...group];
