import { createHash } from 'node:crypto';

const names = new Map<string, string>();

/** Name under which a connection keeps a prepared statement: the same for the same text. The texts are constants. */
export function statementName(sql: string): string {
  let name = names.get(sql);
  if (name === undefined) {
    name = createHash('sha1').update(sql).digest('hex');
    names.set(sql, name);
  }
  return name;
}
