import {
  replayTopic,
  retryDelaysOf,
  retryGroup,
  retryTopic,
  topicsOf,
  type ServiceTopology,
} from '@millrace/contracts';
import { retryPlan } from '@millrace/messaging';

/** A topic that a consumer group reads. */
export interface WatchedTopic {
  /** Group as Kafka knows it: the service's name, or the one of its retries and replays. */
  readonly group: string;
  readonly topic: string;
  /** How long the topic keeps its records, in milliseconds. */
  readonly retentionMs: number;
  /** How long records wait there on purpose, in milliseconds; 0 but on retry topics. */
  readonly delayMs: number;
}

/** Every topic of the services that somebody reads, once for each group; nobody reads dead letters for good. */
export function watchedTopics(services: readonly ServiceTopology[]): readonly WatchedTopic[] {
  const retentions = new Map(topicsOf(services).map(({ name, retentionMs }) => [name, retentionMs]));
  const watched = (group: string, topic: string, delayMs = 0): WatchedTopic[] => {
    const retentionMs = retentions.get(topic);
    return retentionMs === undefined ? [] : [{ group, topic, retentionMs, delayMs }];
  };
  return services.flatMap(({ name, consumes }) =>
    consumes.flatMap((subscription) => {
      const { topic } = subscription;
      const { delays } = retryPlan(...retryDelaysOf(subscription));
      return [
        ...watched(name, topic),
        ...delays.flatMap((delay) =>
          watched(retryGroup(name), retryTopic(name, topic, delay.name), delay.milliseconds),
        ),
        ...watched(retryGroup(name), replayTopic(name, topic)),
      ];
    }),
  );
}
