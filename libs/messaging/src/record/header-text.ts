import type { HeaderValue } from '../ports/broker.port.js';

/** Text of a header: the first value when it was written more than once; undefined when absent. */
export function headerText(value: HeaderValue): string | undefined {
  const first = Array.isArray(value) ? value[0] : value;
  return first === undefined ? undefined : first.toString();
}

/** Time that a header tells in RFC 3339, milliseconds since the epoch; undefined when absent or no time. */
export function headerInstant(value: HeaderValue): number | undefined {
  const time = Date.parse(headerText(value) ?? '');
  return Number.isNaN(time) ? undefined : time;
}
