/** Dead-letter topic of a group for a source topic; the group comes first so that one prefixed ACL covers it. */
export function deadLetterTopic(group: string, topic: string): string {
  return `${group}.${topic}.dlq`;
}

/** Topic of a group whose records wait that delay (`5s`, `1m`) before they are tried again. */
export function retryTopic(group: string, topic: string, delay: string): string {
  return `${group}.${topic}.retry.${delay}`;
}

/** Topic through which dead events of a source topic are replayed to one group, and to no other. */
export function replayTopic(group: string, topic: string): string {
  return `${group}.${topic}.replay`;
}

/** Consumer group in which a service reads its retry and replay topics, so that what waits there delays nothing else. */
export function retryGroup(group: string): string {
  return `${group}.retry`;
}

/** What the topics of a group beside a source topic begin with; no domain topic does. */
export function groupTopicPrefix(group: string, topic: string): string {
  return `${group}.${topic}.`;
}

/** Postgres schema of a service: its name with `_` for `-`. */
export function schemaOf(service: string): string {
  return service.replaceAll('-', '_');
}

/** Postgres role that owns a service's schema and runs its migrations. */
export function ownerRole(service: string): string {
  return `${schemaOf(service)}_owner`;
}

/** Postgres role that a service runs as: reads and writes rows of its own schema, nothing else. */
export function appRole(service: string): string {
  return `${schemaOf(service)}_app`;
}

/** CloudEvents source of a service. */
export function sourceOf(service: string): string {
  return `/millrace/${service}`;
}
