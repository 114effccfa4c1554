import { describe, expect, it } from '@jest/globals';
import { consumersOf, topology, type ServiceTopology, type Subscription } from '@millrace/contracts';
import { completeOptions, type ConsumerOptions } from './consumer-options.js';
import { retryPlan } from './retry-plan.js';
import { topologyProblems } from './topology-check.js';

const DAY_MS = 86_400_000;

function fleet(subscription: Subscription, retentionMs = 7 * DAY_MS): readonly ServiceTopology[] {
  const produced = { name: 'bell.rung', events: [], partitions: 6, retentionMs };
  return [
    { name: 'bell', port: 1, produces: [produced], consumes: [] },
    { name: 'ringer', port: 2, produces: [], consumes: [subscription] },
  ];
}

function problems(
  options: Partial<ConsumerOptions>,
  services: readonly ServiceTopology[],
  topic = 'bell.rung',
) {
  return topologyProblems(completeOptions({ group: 'ringer', ...options }), [topic], services);
}

const byKey = fleet({ topic: 'bell.rung', ordering: 'key' });
const unordered = fleet({ topic: 'bell.rung', ordering: 'none' });

describe('topologyProblems', () => {
  it.each(consumersOf(topology))('finds none in $name as it is declared', ({ name, consumes }) => {
    for (const { topic, ordering } of consumes) {
      expect(topologyProblems(completeOptions({ group: name, ordering }), [topic])).toEqual([]);
    }
  });

  it('names the groups that exist when a group is in no topology', () => {
    expect(problems({ group: 'stranger' }, byKey)).toEqual([
      "group 'stranger' is not in the topology, which has bell, ringer: add its topology file",
    ]);
  });

  it('names what a group consumes when a handler reads something else', () => {
    expect(problems({}, byKey, 'bell.cast')).toEqual([
      "group 'ringer' has a handler for bell.cast, but in the topology it consumes bell.rung: add the topic there",
    ]);
    expect(problems({ group: 'bell' }, byKey)).toEqual([expect.stringContaining('consumes nothing')]);
  });

  it('speaks of each topic once and of all of them', () => {
    const topics = ['bell.cast', 'bell.rung', 'bell.cast', 'bell.hung'];
    expect(topologyProblems(completeOptions({ group: 'ringer' }), topics, byKey)).toEqual([
      expect.stringContaining('bell.cast'),
      expect.stringContaining('bell.hung'),
    ]);
  });

  it('refuses another ordering than the subscription has', () => {
    expect(problems({ ordering: 'partition' }, byKey)).toEqual([
      "bell.rung: ordering is 'partition', but 'key' in the topology: let them agree",
    ]);
  });

  it.each([
    ['fewer', ['5s', '1m']],
    ['more', ['5s', '1m', '10m', '1h']],
    ['others', ['5s', '2m', '10m']],
  ])('refuses %s delays than there are retry topics when nothing is in order', (_, delays) => {
    expect(problems({ ordering: 'none', retry: retryPlan(...delays) }, unordered)).toEqual([
      `bell.rung: the retry plan waits ${delays.join(', ')}, but the topology has retry topics for 5s, 1m, 10m: let them agree`,
    ]);
  });

  it('lets a group without order go without retries when the topology says so', () => {
    const services = fleet({ topic: 'bell.rung', ordering: 'none', retryDelays: [] });
    expect(problems({ ordering: 'none', retry: retryPlan() }, services)).toEqual([]);
    expect(problems({ ordering: 'none' }, services)).toEqual([expect.stringContaining('topics for nothing')]);
  });

  it('lets an ordered group wait as it likes: it has no retry topics', () => {
    expect(problems({ retry: retryPlan('3s') }, byKey)).toEqual([]);
  });

  it.each(['key', 'partition'] as const)(
    'refuses a plan longer than the source keeps its records with ordering %s',
    (ordering) => {
      const services = fleet({ topic: 'bell.rung', ordering }, 3 * DAY_MS);
      expect(problems({ ordering, retry: retryPlan('1d', '2d') }, services)).toEqual([]);
      expect(problems({ ordering, retry: retryPlan('1s', '1d', '2d') }, services)).toEqual([
        expect.stringMatching(
          /^bell\.rung keeps records for 259200000 ms \(3 days\), but the retry plan needs 259201000 ms/,
        ),
      ]);
    },
  );

  it('refuses a delay longer than its retry topic keeps its records when nothing is in order', () => {
    const delays = ['7d', '8d'] as const;
    const services = fleet({ topic: 'bell.rung', ordering: 'none', retryDelays: delays });
    expect(problems({ ordering: 'none', retry: retryPlan(...delays) }, services)).toEqual([
      'ringer.bell.rung.retry.8d keeps records for 604800000 ms (7 days), but the retry plan needs 691200000 ms (8 days): shorten the plan or keep them longer',
    ]);
  });

  it('refuses an inbox that forgets before the last dead letter is gone', () => {
    expect(problems({ inboxHorizonMs: 37 * DAY_MS }, byKey)).toEqual([]);
    expect(problems({ inboxHorizonMs: 37 * DAY_MS - 1 }, byKey)).toEqual([
      expect.stringContaining('come back for 3196800000 ms (37 days): raise it'),
    ]);
  });

  it('refuses a topic that nobody produces', () => {
    const [, ringer] = byKey;
    expect(topologyProblems(completeOptions({ group: 'ringer' }), ['bell.rung'], [ringer!])).toEqual([
      'bell.rung: no service of the topology produces it',
    ]);
  });
});
