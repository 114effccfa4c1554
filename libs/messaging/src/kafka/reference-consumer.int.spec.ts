import { afterEach, describe, expect, it } from '@jest/globals';
import {
  deadEvents,
  deadLetters,
  disorder,
  outcomeOf,
  ReferenceGroup,
  SETTLED,
  TcpProxy,
  type ReferenceEvent,
} from '@millrace/testing/faults';
import { eventually } from '@millrace/testing/runtime';

let group: ReferenceGroup | undefined;
const proxies: TcpProxy[] = [];

afterEach(async () => {
  await group?.close();
  group = undefined;
  for (const proxy of proxies.splice(0)) await proxy.close();
});

async function proxyTo(host: string, port: number): Promise<TcpProxy> {
  const proxy = await TcpProxy.start({ host, port });
  proxies.push(proxy);
  return proxy;
}

async function settles(of: ReferenceGroup, events: readonly ReferenceEvent[]): Promise<void> {
  await eventually(async () => expect(await outcomeOf(of, events)).toEqual(SETTLED));
}

/** Events of which some fail at first, one always and one fatally; gives the ids that must die. */
async function failing(
  of: ReferenceGroup,
  count: number,
): Promise<{ events: ReferenceEvent[]; doomed: string[] }> {
  const events = of.events(count, 20);
  const [always, fatal] = [events[48], events[68]];
  await of.behave([
    ...events
      .filter((_, index) => index % 21 === 3)
      .map(({ name }) => ({ name, kind: 'fail' as const, times: 3 })),
    { name: always?.name ?? '', kind: 'fail' },
    { name: fatal?.name ?? '', kind: 'fatal' },
  ]);
  await of.produce(events);
  return { events, doomed: [always?.id ?? '', fatal?.id ?? ''].toSorted() };
}

describe('a consumer process on Kafka and Postgres', () => {
  it.each(['none', 'key'] as const)(
    'with ordering %s brings each event to one effect or one dead letter, however it fails',
    async (ordering) => {
      const deadHead = ordering === 'key' ? { deadHead: 'skip' as const } : {};
      group = await ReferenceGroup.create(stack, { ordering, options: deadHead });
      const { events, doomed } = await failing(group, 200);
      const member = group.start();
      await settles(group, events);
      expect(await deadEvents(group)).toEqual(doomed);
      expect(await deadLetters(group)).toEqual(doomed);
      expect(ordering === 'key' ? await disorder(group) : {}).toEqual({});
      expect(await member.stop()).toBe(0);
    },
  );

  it.each([
    { ordering: 'none', point: 'failure.published' },
    { ordering: 'key', point: 'head.committed' },
  ] as const)(
    'that is killed at $point leaves nothing to its successor that it cannot complete ($ordering)',
    async ({ ordering, point }) => {
      const deadHead = ordering === 'key' ? { deadHead: 'skip' as const } : {};
      group = await ReferenceGroup.create(stack, { ordering, options: deadHead });
      const { events, doomed } = await failing(group, 200);
      const killed = group.start({ killAt: point, tell: [point] });
      expect(await killed.ends(60_000)).toBe('SIGKILL');
      expect(killed.count(point)).toBe(1);
      group.start();
      await settles(group, events);
      expect(await deadEvents(group)).toEqual(doomed);
      expect(await deadLetters(group)).toEqual(doomed);
    },
  );

  it('spends no attempt while its database and its broker are away', async () => {
    const { hostname, port } = new URL(stack.postgres);
    const [brokerHost = '', brokerPort] = stack.kafka.split(':');
    const database = await proxyTo(hostname, Number(port));
    const broker = await proxyTo(brokerHost, Number(brokerPort));
    group = await ReferenceGroup.create(stack);
    const member = group.start({ database: database.address, redirect: { [stack.kafka]: broker.address } });
    await member.joins(6);
    const events = group.events(400, 20);

    await database.cut();
    await group.produce(events.slice(0, 200));
    await eventually(() =>
      expect(member.condition()).toMatchObject({ joined: true, held: expect.any(String) }),
    );
    await database.restore();
    await settles(group, events.slice(0, 200));

    await broker.cut();
    await group.produce(events.slice(200));
    await eventually(() => expect(member.condition()?.joined).toBe(false));
    await broker.restore();
    await settles(group, events);
    expect(await group.rows('SELECT state, reason, error_class FROM failed_event')).toEqual([]);
    expect(member.lives).toBe(true);
  });
});
