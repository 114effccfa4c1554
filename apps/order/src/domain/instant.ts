import { OrderRefusedError } from './order-refused.error.js';

/** The instant of an RFC 3339 text; refused when no calendar or no database has it (leap seconds, the year 0). */
export function instantOf(text: string, path: string): Date {
  const instant = new Date(text);
  const year = instant.getUTCFullYear();
  if (year >= 1 && year <= 9_999) return instant;
  throw new OrderRefusedError('unknown-instant', path, 'must be an instant of the years 1 to 9999');
}
