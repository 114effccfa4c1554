import { escapeIdentifier } from 'pg';

/** A schema-qualified name with both parts quoted: `"order"."outbox"`. */
export function qualified(schema: string, name: string): string {
  return `${escapeIdentifier(schema)}.${escapeIdentifier(name)}`;
}
