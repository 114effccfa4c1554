import { createHash } from 'node:crypto';

/** Fingerprint of a request's body: equal for bodies that mean the same. */
export function fingerprintOf(body: unknown): Buffer {
  return createHash('sha256').update(canonical(body)).digest();
}

/** JSON text with the fields of every object sorted; only for what JSON can say. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`);
  return `{${fields.join(',')}}`;
}
