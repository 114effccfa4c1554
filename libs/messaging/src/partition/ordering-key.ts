import type { BrokerRecord } from '../ports/broker.port.js';
import type { BlockedKey } from '../ports/failure.js';

/** Key whose records stay in order: the record's own, or one of its own for a record without a key. */
export function orderingKey({ key, partition, offset }: BrokerRecord): Buffer {
  return key ?? Buffer.from(`\0${partition}/${offset}`);
}

/** Ordering key and place of a record. */
export function keyOf(record: BrokerRecord): BlockedKey {
  return { topic: record.topic, partition: record.partition, key: orderingKey(record) };
}

/** Lane of a key: FNV-1a over its bytes. */
export function laneOf(key: Buffer, lanes: number): number {
  if (lanes === 1) return 0;
  let hash = 0x811c9dc5;
  for (const byte of key) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0) % lanes;
}

/** The keys of a partition whose records wait, in memory, so that a healthy flow asks nobody. */
export class BlockedKeys {
  private readonly keys = new Map<string, BlockedKey>();

  get size(): number {
    return this.keys.size;
  }

  has(key: Buffer): boolean {
    return this.keys.size > 0 && this.keys.has(key.toString('latin1'));
  }

  add(key: BlockedKey): void {
    this.keys.set(key.key.toString('latin1'), key);
  }

  [Symbol.iterator](): IterableIterator<BlockedKey> {
    return this.keys.values();
  }

  delete(key: Buffer): void {
    this.keys.delete(key.toString('latin1'));
  }
}
