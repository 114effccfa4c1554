/**
 * When a uuidv7 was made, milliseconds since the epoch (RFC 9562, section 5.7); undefined for any other id: the inbox
 * keeps those for ever.
 */
export function timeOfId(eventId: string): number | undefined {
  if (eventId[14] !== '7') return undefined;
  return Number.parseInt(eventId.slice(0, 8) + eventId.slice(9, 13), 16);
}
