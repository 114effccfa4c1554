import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@millrace/testing/runtime';
import {
  idsOf,
  trialEvents,
  type ReplayGroup,
  type TrialPlace,
} from '../../libs/messaging/src/kafka/replay-group.fixture.js';
import {
  closeTrialPlace,
  openTrialPlace,
  ReplayTrial,
  WITHOUT_ORDER,
} from '../../libs/messaging/src/kafka/replay-trial.fixture.js';

/** A thousand deaths are some hundreds of transactions one after the other. */
const LONG = { withinMs: 240_000 };

let place: TrialPlace;
let on: ReplayTrial;
let group: ReplayGroup;

beforeEach(async () => {
  place = await openTrialPlace(stack.postgres, stack.kafka);
  on = await ReplayTrial.begin(place, WITHOUT_ORDER);
  group = on.group;
});

afterEach(async () => {
  await on.stop();
  await closeTrialPlace(place);
});

describe('a replay of many', () => {
  it('takes 1,000 dead letters to their effect once each, and changes nothing the second time', async () => {
    const events = trialEvents(1_000);
    group.fail(events);
    await on.produce(events);
    await eventually(async () => expect(await group.dead()).toEqual(idsOf(events)), LONG);
    expect(await group.effects()).toEqual([]);
    group.mend();
    const report = await group.replay({ ratePerSecond: 10_000 });
    expect(report).toMatchObject({
      end: 'completed',
      found: 1_000,
      selected: 1_000,
      sent: 1_000,
      skipped: 0,
    });
    await eventually(async () => {
      expect(await group.ledger(report.replayId, 'done')).toEqual(idsOf(events));
    }, LONG);
    expect((await group.effects()).toSorted()).toEqual(idsOf(events));
    const left = `SELECT state, acked, error_message, count(*)::int AS events FROM failed_event
                   WHERE consumer_group = $1 GROUP BY 1, 2, 3`;
    expect(await group.rows(left)).toEqual([
      { state: 'resolved', acked: true, error_message: '', events: 1_000 },
    ]);
    const ledger = `SELECT replay_id, requested_by, why, outside_effects, state, finished_at IS NULL AS open
                      FROM replay WHERE consumer_group = $1`;
    expect(await group.rows(ledger)).toEqual([
      {
        replay_id: report.replayId,
        requested_by: 'ada',
        why: 'the cause is mended',
        outside_effects: false,
        state: 'completed',
        open: false,
      },
    ]);
    const [before, ends] = [await on.tables(), await on.ends()];
    const again = await group.replay({ ratePerSecond: 10_000 });
    expect(again).toMatchObject({ end: 'completed', selected: 1_000, sent: 0, rearmed: 0, skipped: 1_000 });
    expect(await on.changesSince(before)).toEqual([]);
    expect(await on.ends()).toEqual(ends);
    expect(group.fatal).toEqual([]);
  });
});
