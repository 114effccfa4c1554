import {
  DEAD_LETTER_RETENTION_MS,
  retryDelaysOf,
  retryTopic,
  topicsOf,
  topology,
  type ServiceTopology,
  type Subscription,
} from '@millrace/contracts';
import type { CompleteConsumerOptions } from './consumer-options.js';

const DAY_MS = 86_400_000;

/** Retention of every topic by its name, in milliseconds. */
type Retentions = ReadonlyMap<string, number>;

/**
 * What does not fit between a consumer with these options and the topology that its topics are created from, a
 * sentence each; empty when it can start. `topics` are the source topics that its handlers read.
 */
export function topologyProblems(
  options: CompleteConsumerOptions,
  topics: readonly string[],
  services: readonly ServiceTopology[] = topology,
): readonly string[] {
  const service = services.find(({ name }) => name === options.group);
  if (!service) {
    const groups = services.map(({ name }) => name).join(', ');
    return [`group '${options.group}' is not in the topology, which has ${groups}: add its topology file`];
  }
  const retentions: Retentions = new Map(
    topicsOf(services).map(({ name, retentionMs }) => [name, retentionMs]),
  );
  return [...new Set(topics)].flatMap((topic) => {
    const subscription = service.consumes.find((consumed) => consumed.topic === topic);
    if (!subscription) return [notSubscribed(service, topic)];
    return [
      ...orderingProblems(options, subscription),
      ...retentionProblems(options, subscription, retentions),
    ];
  });
}

function notSubscribed({ name, consumes }: ServiceTopology, topic: string): string {
  const subscribed = consumes.map((subscription) => subscription.topic).join(', ') || 'nothing';
  return `group '${name}' has a handler for ${topic}, but in the topology it consumes ${subscribed}: add the topic there`;
}

/** Retry topics exist for the ordering and the delays that the topology names, for no others. */
function orderingProblems(options: CompleteConsumerOptions, subscription: Subscription): string[] {
  const { topic, ordering } = subscription;
  if (ordering !== options.ordering) {
    return [`${topic}: ordering is '${options.ordering}', but '${ordering}' in the topology: let them agree`];
  }
  const [planned, declared] = [namesOf(options), retryDelaysOf(subscription)];
  const same = planned.length === declared.length && planned.every((name, index) => name === declared[index]);
  if (ordering !== 'none' || same) return [];
  return [
    `${topic}: the retry plan waits ${listed(planned)}, but the topology has retry topics for ${listed(declared)}: let them agree`,
  ];
}

/** A record must not be deleted while it still waits for a try, nor the inbox forget it while it can come back. */
function retentionProblems(
  options: CompleteConsumerOptions,
  { topic }: Subscription,
  retentions: Retentions,
): string[] {
  const source = retentions.get(topic);
  if (source === undefined) return [`${topic}: no service of the topology produces it`];
  const horizon = source + DEAD_LETTER_RETENTION_MS;
  return [
    ...waits(options, topic)
      .filter(({ name, milliseconds }) => (retentions.get(name) ?? milliseconds) < milliseconds)
      .map(
        ({ name, milliseconds }) =>
          `${name} keeps records for ${duration(retentions.get(name) ?? 0)}, but the retry plan needs ${duration(milliseconds)}: shorten the plan or keep them longer`,
      ),
    ...(options.inboxHorizonMs < horizon
      ? [
          `${topic}: inboxHorizonMs is ${duration(options.inboxHorizonMs)}, but records and dead letters come back for ${duration(horizon)}: raise it`,
        ]
      : []),
  ];
}

/** How long a record waits on which topic: without order for each delay on its own, else for the whole plan. */
function waits({ group, ordering, retry }: CompleteConsumerOptions, topic: string) {
  if (ordering !== 'none') return [{ name: topic, milliseconds: retry.totalMs }];
  return retry.delays.map(({ name, milliseconds }) => ({
    name: retryTopic(group, topic, name),
    milliseconds,
  }));
}

function namesOf({ retry }: CompleteConsumerOptions): readonly string[] {
  return retry.delays.map(({ name }) => name);
}

function listed(delays: readonly string[]): string {
  return delays.length === 0 ? 'nothing' : delays.join(', ');
}

function duration(milliseconds: number): string {
  const days = (milliseconds / DAY_MS).toLocaleString('en', { maximumFractionDigits: 1 });
  return `${milliseconds} ms (${days} days)`;
}
