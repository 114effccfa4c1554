import { AlertCases } from './alert-case.js';

const IN_TIME =
  'millrace_event_latency_seconds_bucket{group="fraud", type="order.created", stage="total", le="5"}';
const ALL = 'millrace_event_latency_seconds_count{group="fraud", type="order.created", stage="total"}';
const CAPTURED = 'millrace_event_latency_seconds_count{group="fraud", type="order.created", stage="capture"}';

/** 100 events a minute, of which so many are in time. */
const minutes = (count: number, inTime: number) => ({
  [IN_TIME]: `0+${inTime}x${count}`,
  [ALL]: `0+100x${count}`,
  [CAPTURED]: `0+900x${count}`,
});

/** Cases of the alerts on freshness. */
export const freshnessCases = [
  new AlertCases('FreshnessBurnsFast')
    .fires('3 % have been late for an hour', '65m', minutes(70, 97), {
      labels: { group: 'fraud' },
      value: '3%',
    })
    .isSilent('1 % is late: too many for a month, not for an hour', '65m', minutes(70, 99))
    .isSilent('many were late, and for half an hour none has been', '65m', {
      [IN_TIME]: '0+50x30 1600+100x40',
      [ALL]: '0+100x70',
    })
    .isSilent('it is getting better', '65m', {
      [IN_TIME]: '0+95x55 5324+99x15',
      [ALL]: '0+100x70',
    })
    .isSilent('it has just begun, and the hour was good', '65m', {
      [IN_TIME]: '0+100x60 6090+90x10',
      [ALL]: '0+100x70',
    }),
  new AlertCases('FreshnessBurnsSlowly')
    .fires('1 % has been late for six hours', '365m', minutes(370, 99), {
      labels: { group: 'fraud' },
      value: '1%',
    })
    .isSilent('0.5 % is late', '365m', {
      [IN_TIME]: '0+199x370',
      [ALL]: '0+200x370',
    })
    .isSilent('1 % was late, and for an hour none has been', '365m', {
      [IN_TIME]: '0+99x300 29800+100x70',
      [ALL]: '0+100x370',
    })
    .isSilent('it is getting better', '365m', {
      [IN_TIME]: '0+980x300 294997+997x70',
      [ALL]: '0+1000x370',
    })
    .isSilent('3 % have been late for half an hour, and none before', '365m', {
      [IN_TIME]: '0+100x330 33097+97x40',
      [ALL]: '0+100x370',
    }),
];
