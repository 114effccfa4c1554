import { AlertCases } from './alert-case.js';

const PLACE = { group: 'notification', topic: 'order.created' };
const DEAD = 'millrace_dlq_messages_total{group="notification", topic="order.created", reason="EXHAUSTED"}';
const FOLLOWERS =
  'millrace_dlq_messages_total{group="notification", topic="order.created", reason="CONTRACT"}';
const OLDEST = 'millrace_dlq_oldest_age_seconds{group="notification", topic="order.created"}';
const REPLAYED = 'millrace_replay_messages_total{group="notification", topic="order.created"}';
const BROKEN = 'millrace_contract_violations_total{group="notification", type="order.created"}';

/** Cases of the alerts on what died. */
export const deadLettersCases = [
  new AlertCases('DeadLetterNewErrorClass')
    .fires(
      'the first event dies of a reason',
      '21m',
      { [DEAD]: '0x20 1x5', [FOLLOWERS]: '4x25' },
      {
        labels: { ...PLACE, reason: 'EXHAUSTED' },
        value: '1',
      },
    )
    .fires(
      'the series is born with its first death, which has no increase',
      '21m',
      { [DEAD]: '_x20 1x5' },
      {
        labels: { ...PLACE, reason: 'EXHAUSTED' },
        value: '1',
      },
    )
    .isSilent('events have died of it before', '21m', { [DEAD]: '5x20 6x5' })
    .isSilent('nothing has died', '21m', { [DEAD]: '0x25' }),
  new AlertCases('DeadLettersGrowing')
    .fires('an event has died every minute', '25m', { [DEAD]: '0+1x30' }, { labels: PLACE, value: '15' })
    .isSilent('nine died at once, and none since', '25m', { [DEAD]: '0x12 9x20' })
    .isSilent('a dozen have just died', '21m', { [DEAD]: '0x20 12x5' })
    .isSilent('the deaths have ended', '45m', { [DEAD]: '0+1x20 20x30' }),
  new AlertCases('DeadLettersTooOld')
    .fires('one died 25 hours ago', '1m', { [OLDEST]: '90000x2' }, { labels: PLACE, value: '1d 1h 0m 0s' })
    .isSilent('the oldest died 22 hours ago', '1m', { [OLDEST]: '80000x2' }),
  new AlertCases('DeadLetterRetentionWillDrop')
    .fires(
      'one died almost 28 days ago',
      '1m',
      { [OLDEST]: '2400000x2' },
      { labels: PLACE, value: '27d 18h 40m 0s' },
    )
    .isSilent('the oldest died 26 days ago', '1m', { [OLDEST]: '2246400x2' }),
  new AlertCases('ReplayLoop')
    .fires(
      'as many die as are replayed',
      '60m',
      { [DEAD]: '0x40 0+1x20', [REPLAYED]: '0x40 0+1x20' },
      {
        labels: { group: 'notification' },
        value: '19',
      },
    )
    .isSilent('what is replayed takes effect', '60m', { [DEAD]: '60+0x60', [REPLAYED]: '0+1x60' })
    .isSilent('a quarter of them die again', '60m', { [DEAD]: '0+1x60', [REPLAYED]: '0+4x60' })
    .isSilent('a few were tried before the rest', '60m', { [DEAD]: '0x30 5x30', [REPLAYED]: '0x30 5x30' })
    .isSilent('events die and none is replayed', '60m', { [DEAD]: '0+1x60', [REPLAYED]: '0x60' }),
  new AlertCases('ContractViolations')
    .fires(
      'a record breaks its contract',
      '10m',
      { [BROKEN]: '0x5 1x10' },
      {
        labels: { group: 'notification', type: 'order.created' },
      },
    )
    .isSilent('one did an hour ago', '65m', { [BROKEN]: '0x5 1x70' }),
];
