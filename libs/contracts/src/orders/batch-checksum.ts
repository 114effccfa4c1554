import { createHash } from 'node:crypto';
import type { OrderBatchEnded } from './order-batch.v1.js';
import type { OrderCreated } from './order-created.v1.js';

/** What an order's hash is made of. */
export type ChecksummedOrder = Pick<OrderCreated, 'orderId' | 'currency' | 'totalMinor'>;

/** Sum and exclusive or as events carry them, 16 hexadecimal digits each. */
export type ChecksumText = OrderBatchEnded['checksum'];

/**
 * Checksum of a set of orders that does not depend on their order: their number, and the sum (modulo 2^64) and the
 * exclusive or of a 64-bit hash of each, which is the first eight bytes of the SHA-256 of `id|currency|total`, the id in lower case.
 * The sum notices an order that came twice, where the exclusive or of both would be nothing.
 */
export class BatchChecksum {
  private constructor(
    /** Orders in the set. */
    readonly orders: number,
    /** Sum of the hashes modulo 2^64. */
    readonly sum: bigint,
    /** Exclusive or of the hashes. */
    readonly xor: bigint,
  ) {}

  /** The checksum of no order. */
  static readonly empty = new BatchChecksum(0, 0n, 0n);

  /** The checksum of some orders. */
  static of(orders: readonly ChecksummedOrder[]): BatchChecksum {
    let [sum, xor] = [0n, 0n];
    for (const order of orders) {
      const hash = hashOf(order);
      sum += hash;
      xor ^= hash;
    }
    return new BatchChecksum(orders.length, BigInt.asUintN(64, sum), xor);
  }

  /** The checksum of both sets, which share no order. */
  and(other: BatchChecksum): BatchChecksum {
    return new BatchChecksum(
      this.orders + other.orders,
      BigInt.asUintN(64, this.sum + other.sum),
      this.xor ^ other.xor,
    );
  }

  /** Sum and exclusive or as events carry them. */
  text(): ChecksumText {
    return { sum: hex(this.sum), xor: hex(this.xor) };
  }
}

function hashOf({ orderId, currency, totalMinor }: ChecksummedOrder): bigint {
  const digest = createHash('sha256').update(`${orderId.toLowerCase()}|${currency}|${totalMinor}`).digest();
  return digest.readBigUInt64BE(0);
}

function hex(bits: bigint): string {
  return bits.toString(16).padStart(16, '0');
}
