import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@millrace/testing/runtime';
import type pg from 'pg';
import { openPool, rowsOf } from '../support/database.js';
import { allReady, ready } from '../support/fleet.js';
import { ended, startKeeper } from '../support/keeper-program.js';
import { placeOrders, post, type PlacedOrder } from '../support/orders.js';
import { RunningKeeper } from '../support/running-keeper.js';

/** The promise: so long may a row that was deleted behind a consumer's back go unseen. */
const FOUND_WITHIN_MS = 120_000;
/** The outage of a consumer, not a wait for a condition. */
const AWAY_MS = 60_000;

// one story: a consumer is away for a minute while another one loses a row
describe('the reconciler', () => {
  let pool: pg.Pool;
  let keeper: RunningKeeper;
  let load: Promise<PlacedOrder[]>;
  let loadEnds = false;
  let awayUntil: number;
  let victim: string;
  let row: { processed_at: Date };
  /** Every group that was ever said to lack or to have too much. */
  const blamed = new Set<string>();

  beforeAll(async () => {
    await ready();
    pool = openPool(stack.postgres);
    // What tests before this one have left in the tables is not its concern.
    keeper = await RunningKeeper.start({ RECONCILE_WINDOW_MINUTES: '10' });
    const [first] = await placeOrders({
      url: () => stack.services['order'] ?? '',
      until: (accepted) => accepted >= 20,
      connections: 2,
      rate: 20,
    });
    victim = first?.eventId ?? '';
    await eventually(async () => {
      if ((await stateOf(victim)) !== 'done') throw new Error('the first order has not taken effect');
    });
    load = placeOrders({
      url: () => stack.services['order'] ?? '',
      until: () => loadEnds,
      connections: 4,
      rate: 20,
    });
    await stack.stop('notification');
    awayUntil = Date.now() + AWAY_MS;
  });

  afterAll(async () => {
    loadEnds = true;
    await load;
    await stack.start('notification');
    await keeper?.stop();
    await pool?.end();
  });

  it('finds within two minutes a row that is deleted from an inbox behind its service', async () => {
    const [deleted] = await rowsOf<{ processed_at: Date }>(
      pool,
      `DELETE FROM analytics.inbox WHERE event_id = $1 RETURNING processed_at`,
      [victim],
    );
    if (!deleted) throw new Error('there is no row to delete');
    row = deleted;
    expect(await stateOf(victim)).toBe('unknown');
    await eventually(
      async () => {
        await blame();
        expect(await missing('analytics')).toBe(1);
      },
      { withinMs: FOUND_WITHIN_MS, everyMs: 500 },
    );
  });

  it('names it to whoever runs the command, which fails', async () => {
    const { code, output } = await reconcileCommand();
    expect(output).toMatch(/^analytics +\d+ events, 1 missing, 0 extra$/m);
    expect(output).toContain(`missing ${victim} of order.created`);
    expect(code).toBe(1);
  });

  it('raises no alarm for a service that is away for a minute and comes back', async () => {
    await eventually(
      async () => {
        await blame();
        expect(Date.now()).toBeGreaterThanOrEqual(awayUntil);
      },
      { withinMs: AWAY_MS, everyMs: 500 },
    );
    const compared = await checked('notification');
    await stack.start('notification');
    await allReady();
    await eventually(
      async () => {
        await blame();
        expect(await checked('notification')).toBeGreaterThan(compared + 20 * 30);
        expect(await age('notification')).toBeLessThan(120);
      },
      { withinMs: 150_000, everyMs: 500 },
    );
    expect([...blamed]).toEqual(['analytics']);
  });

  it('sees that the row is back, and the command succeeds', async () => {
    await pool.query(
      `INSERT INTO analytics.inbox (consumer_group, event_id, received_at, processed_at)
       VALUES ('analytics', $1, $2, $2)`,
      [victim, row.processed_at],
    );
    await eventually(async () => expect(await missing('analytics')).toBe(0), { everyMs: 500 });
    loadEnds = true;
    await load;
    await eventually(async () => {
      const { code, output } = await reconcileCommand();
      expect(output.match(/ 0 missing, 0 extra$/gm)).toHaveLength(6);
      expect(code).toBe(0);
    });
  });

  const missing = (group: string) => keeper.value('millrace_reconcile_missing', { group });
  const age = (group: string) => keeper.value('millrace_reconcile_age_seconds', { group });
  const checked = (group: string) => keeper.value('millrace_reconcile_checked_total', { group });

  async function blame(): Promise<void> {
    for (const name of ['millrace_reconcile_missing', 'millrace_reconcile_extra'])
      for (const { labels, value } of await keeper.metric(name))
        if (value > 0) blamed.add(labels['group'] ?? '');
  }

  async function stateOf(eventId: string): Promise<string | undefined> {
    const answer = await post(`${stack.services['analytics']}/ops/events/states`, { ids: [eventId] });
    const { items } = (await answer.json()) as { items: { state: string }[] };
    return items[0]?.state;
  }

  async function reconcileCommand(): Promise<{ code: number | null; output: string }> {
    const urls = Object.entries(stack.services).map(([name, url]) => `${name}=${url}`);
    const command = startKeeper(['reconcile'], { SERVICE_URLS: urls.join(',') }, 'pipe');
    const output = command.stdout ? text(command.stdout) : '';
    const { code } = await ended(command);
    return { code, output: await output };
  }
});
