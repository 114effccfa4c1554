import { createHash } from 'node:crypto';

/** The URL namespace of RFC 9562, appendix A. */
const NAMESPACE = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex');

/** Name-based UUID (RFC 9562, version 5) of a record's first place: the id of an event that carries none itself. */
export function placeId(topic: string, partition: number, offset: bigint): string {
  const name = `kafka:${topic}/${partition}/${offset}`;
  const hash = createHash('sha1').update(NAMESPACE).update(name).digest().subarray(0, 16);
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  return hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
