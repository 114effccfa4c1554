/** Dead-letter topic of a group for a source topic; the group comes first so that one prefixed ACL covers it. */
export function deadLetterTopic(group: string, topic: string): string {
  return `${group}.${topic}.dlq`;
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
