import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import { lowestUuidOf } from '../partitions/day-bounds.js';
import { ensurePartitions } from '../partitions/ensure-partitions.js';
import { daysToKeep, partitionedTables } from '../partitions/partition-plan.js';
import { KeeperDatabase } from '../store/keeper-database.js';
import { qualified } from '../store/qualified.js';
import { TestFleet } from '../testing/fleet.fixture.js';
import { VirtualClock } from '../timing/virtual-clock.fixture.js';
import type { Sight } from '../watch/sight.js';
import { EventLedger } from './event-ledger.js';
import { ReconcileKeeper } from './reconcile-keeper.js';
import { outboxTables, reconciledGroups } from './reconciled-groups.js';
import { GRACE_MS, Reconciler } from './reconciler.js';
import { StatesClient } from './states/states-client.js';

const EVERY_MS = 20_000;
const WINDOW_MS = 300_000;

describe('the reconciler on real outboxes and inboxes', () => {
  let fleet: TestFleet;
  let admin: Client;
  let database: KeeperDatabase;
  let clock: VirtualClock;
  let keeper: ReconcileKeeper;
  /** What the services answer; an id that is not here is unknown to them. */
  let states: Map<string, string>;
  let servicesAway: boolean;
  /** Whether fraud stands at the end of the log. */
  let fraudReads: boolean;
  let lines: string[];
  let checked: Record<string, number>;
  let start: number;

  beforeEach(async () => {
    fleet = await TestFleet.create(stack.postgres);
    await fleet.grantAccess();
    for (const service of fleet.services) await fleet.migrate(service);
    admin = await fleet.connect();
    start = Date.now();
    await ensurePartitions(admin, partitionedTables(fleet.services), daysToKeep(start));
    await admin.query(
      `INSERT INTO keeper.capture (slot, state, proven_lsn, published_before) VALUES ('s', 'trusted', '0/1', '-infinity')`,
    );
    database = new KeeperDatabase(fleet.url(fleet.system.keeper));
    [states, servicesAway, fraudReads, lines, checked] = [new Map(), false, true, [], {}];
    clock = new VirtualClock(start);
    keeper = reconcileKeeper();
  });

  afterEach(async () => {
    await keeper.stop();
    await database.end();
    await fleet.drop();
  });

  function reconcileKeeper(): ReconcileKeeper {
    const client = new StatesClient(new Map());
    client.unknown = async (_group, ids) => {
      if (servicesAway) throw new Error('nobody answers');
      return new Set(ids.filter((id) => !states.has(id)));
    };
    const log = (fields: object, message: string) => lines.push(`${message} ${JSON.stringify(fields)}`);
    return new ReconcileKeeper({
      reconciler: new Reconciler({
        ledger: new EventLedger(database, 's', outboxTables(fleet.services)),
        states: client,
        groups: reconciledGroups(fleet.services),
        windowMs: WINDOW_MS,
      }),
      sight: () => sight(),
      checked: (group, events) => (checked[group] = (checked[group] ?? 0) + events),
      everyMs: EVERY_MS,
      clock,
      log: { info: log, warn: log, error: log },
    });
  }

  /** Every topic has one record; who reads stands behind it. */
  function sight(): Sight {
    const topics = fleet.services.flatMap(({ consumes }) => consumes.map(({ topic }) => topic));
    return {
      at: clock.now(),
      bounds: new Map(topics.map((topic) => [topic, [{ topic, partition: 0, low: 0n, high: 1n }]])),
      members: new Map(),
      position: (group) => (group === fleet.fraud.name && !fraudReads ? 0n : 1n),
    };
  }

  /** Lets an event be written to the order service's outbox so long after the start, and everything until then be published. */
  async function publish(afterMs: number, topic = 'order.created'): Promise<string> {
    const id = lowestUuidOf(start + afterMs).slice(0, -12) + randomUUID().slice(-12);
    await admin.query(
      `INSERT INTO ${qualified(fleet.schema(fleet.order), 'outbox')}
         (id, aggregate_type, aggregate_id, topic, type, source, data_schema, causation_id, content_type, payload, traceparent)
       VALUES ($1, 'order', 'k', $2, 't', 's', 'd', 'c', 'application/json', '{}', '00-')`,
      [id, topic],
    );
    return id;
  }

  async function takeEffect(service: TestFleet['fraud'], id: string): Promise<void> {
    await admin.query(
      `INSERT INTO ${qualified(fleet.schema(service), 'inbox')} (consumer_group, event_id, received_at, processed_at)
       VALUES ($1, $2, now(), now())`,
      [service.name, id],
    );
  }

  /** Lets comparisons go by, everything up to now being published. */
  async function comparisons(count: number): Promise<void> {
    for (let done = 0; done < count; done += 1) {
      await admin.query(`UPDATE keeper.capture SET published_before = to_timestamp($1::float8 / 1000)`, [
        clock.now(),
      ]);
      await clock.wake();
    }
  }

  const groupOf = (service: TestFleet['fraud']) => keeper.view().find(({ group }) => group === service.name);
  const found = (service: TestFleet['fraud']) => {
    const { missing, extra } = groupOf(service) ?? {};
    return { missing, extra };
  };

  it('finds nothing where every event took effect, and counts each once', async () => {
    for (const second of [-180, ...Array.from({ length: 29 }, (_, index) => index + 1)]) {
      const id = await publish(second * 1_000);
      await takeEffect(fleet.fraud, id);
      await takeEffect(fleet.inventory, id);
    }
    keeper.start();
    await comparisons(10);
    expect(found(fleet.fraud)).toEqual({ missing: 0, extra: 0 });
    expect(checked).toEqual({ [fleet.order.name]: 0, [fleet.fraud.name]: 30, [fleet.inventory.name]: 30 });
    expect(groupOf(fleet.fraud)?.ageSeconds).toBeLessThanOrEqual((GRACE_MS + 2 * EVERY_MS) / 1_000);
    expect(lines).toEqual([]);
  });

  it('finds an event whose inbox row is deleted within two minutes, names it once, and sees when it is back', async () => {
    const id = await publish(1_000);
    await takeEffect(fleet.fraud, id);
    await takeEffect(fleet.inventory, id);
    keeper.start();
    await comparisons(8);
    await admin.query(`DELETE FROM ${qualified(fleet.schema(fleet.fraud), 'inbox')} WHERE event_id = $1`, [
      id,
    ]);
    await comparisons(1);
    expect(found(fleet.fraud)).toEqual({ missing: 1, extra: 0 });
    expect(found(fleet.inventory)).toEqual({ missing: 0, extra: 0 });
    await comparisons(3);
    expect(lines).toEqual([
      `event is published and has neither effect nor failure ${JSON.stringify({ group: fleet.fraud.name, eventId: id, topic: 'order.created' })}`,
    ]);
    await takeEffect(fleet.fraud, id);
    states.set(id, 'done');
    await comparisons(1);
    expect(found(fleet.fraud)).toEqual({ missing: 0, extra: 0 });
  });

  it('remembers what is missing beyond its window', async () => {
    const id = await publish(1_000);
    await takeEffect(fleet.inventory, id);
    keeper.start();
    await comparisons(6);
    expect(found(fleet.fraud)).toEqual({ missing: 1, extra: 0 });
    await comparisons((WINDOW_MS + GRACE_MS) / EVERY_MS);
    expect(found(fleet.fraud)).toEqual({ missing: 1, extra: 0 });
    states.set(id, 'done');
    await comparisons(1);
    expect(found(fleet.fraud)).toEqual({ missing: 0, extra: 0 });
  });

  it('takes dead, parked and retrying events for what they are, and asks for them alone', async () => {
    const [dead, lost] = [await publish(1_000), await publish(2_000)];
    states.set(dead, 'dead');
    keeper.start();
    await comparisons(6);
    expect(found(fleet.fraud)).toEqual({ missing: 1, extra: 0 });
    expect(lines.filter((line) => line.includes(dead))).toEqual([]);
    expect(lines.filter((line) => line.includes(lost))).toHaveLength(2);
  });

  it('takes a row of an event that left the happy path for no effect', async () => {
    const id = await publish(1_000);
    await takeEffect(fleet.fraud, id);
    await admin.query(`UPDATE ${qualified(fleet.schema(fleet.fraud), 'inbox')} SET processed_at = NULL`);
    keeper.start();
    await comparisons(6);
    expect(found(fleet.fraud)).toEqual({ missing: 1, extra: 0 });
  });

  it('raises no alarm for a group that does not read, and finds what it lacks once it has read on', async () => {
    fraudReads = false;
    const [late, lost] = [await publish(1_000), await publish(2_000)];
    keeper.start();
    await comparisons(12);
    expect(found(fleet.fraud)).toEqual({ missing: 0, extra: 0 });
    expect(groupOf(fleet.fraud)?.ageSeconds).toBe((12 * EVERY_MS) / 1_000);
    fraudReads = true;
    await takeEffect(fleet.fraud, late);
    await comparisons(2);
    expect(found(fleet.fraud)).toEqual({ missing: 1, extra: 0 });
    expect(lines.filter((line) => line.includes(fleet.fraud.name))).toEqual([expect.stringContaining(lost)]);
  });

  it('waits for what is not published', async () => {
    await publish(1_000);
    keeper.start();
    await clock.asleep();
    for (let look = 0; look < 12; look += 1) await clock.wake();
    expect(found(fleet.fraud)).toEqual({ missing: 0, extra: 0 });
  });

  it('finds an effect of an event that no outbox has, and none of another topic', async () => {
    const id = await publish(1_000);
    for (const service of [fleet.fraud, fleet.inventory]) await takeEffect(service, id);
    const unfounded = lowestUuidOf(start + 1_500).slice(0, -12) + randomUUID().slice(-12);
    await takeEffect(fleet.fraud, unfounded);
    keeper.start();
    await comparisons(6);
    expect(found(fleet.fraud)).toEqual({ missing: 0, extra: 1 });
    expect(found(fleet.inventory)).toEqual({ missing: 0, extra: 0 });
    expect(lines).toEqual([
      `effect of an event that no outbox has ${JSON.stringify({ group: fleet.fraud.name, eventId: unfounded })}`,
    ]);
  });

  it('does not count what a group does not read, and calls no effect of it extra', async () => {
    await takeEffect(fleet.fraud, await publish(1_000, 'order.batch'));
    keeper.start();
    await comparisons(6);
    expect(keeper.view().every(({ missing, extra }) => missing === 0 && extra === 0)).toBe(true);
    expect(checked[fleet.fraud.name]).toBe(0);
  });

  it('keeps what it found and ages while a service does not answer, and says so once', async () => {
    await publish(1_000);
    keeper.start();
    await comparisons(6);
    expect(found(fleet.fraud)).toEqual({ missing: 1, extra: 0 });
    const before = groupOf(fleet.fraud)?.ageSeconds ?? 0;
    lines.length = 0;
    servicesAway = true;
    await comparisons(5);
    expect(found(fleet.fraud)).toEqual({ missing: 1, extra: 0 });
    expect(groupOf(fleet.fraud)?.ageSeconds).toBeCloseTo(before + (5 * EVERY_MS) / 1_000);
    expect(lines.filter((line) => line.includes(fleet.fraud.name))).toEqual([
      `events of a group cannot be compared ${JSON.stringify({ group: fleet.fraud.name, problem: 'nobody answers' })}`,
    ]);
  });
});
