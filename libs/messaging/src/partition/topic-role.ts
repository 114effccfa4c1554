import { deadLetterTopic, replayTopic, retryTopic } from '@millrace/contracts';
import type { CompleteConsumerOptions } from '../api/consumer-options.js';

/** What a consumer reads a topic for. */
export type TopicRole =
  | { readonly kind: 'source'; readonly source: string }
  | { readonly kind: 'retry'; readonly source: string }
  | { readonly kind: 'replay'; readonly source: string };

/** Topics of one consumer group, by what they are for. */
export interface ConsumerTopics {
  /** Topics that producers write to. */
  readonly sources: readonly string[];
  /** Roles of every topic that is read, sources included. */
  readonly roles: ReadonlyMap<string, TopicRole>;
  /** Everything that must exist before the consumer starts, dead-letter topics included. */
  readonly all: readonly string[];
}

/** Topics that a group reads and writes for its source topics; retry topics only when nothing must stay in order. */
export function consumerTopics(
  { group, ordering, retry }: CompleteConsumerOptions,
  sources: readonly string[],
): ConsumerTopics {
  const roles = new Map<string, TopicRole>(sources.map((source) => [source, { kind: 'source', source }]));
  for (const source of sources) {
    roles.set(replayTopic(group, source), { kind: 'replay', source });
    if (ordering !== 'none') continue;
    for (const { name } of retry.delays)
      roles.set(retryTopic(group, source, name), { kind: 'retry', source });
  }
  const deadLetters = sources.map((source) => deadLetterTopic(group, source));
  return { sources, roles, all: [...roles.keys(), ...deadLetters] };
}
