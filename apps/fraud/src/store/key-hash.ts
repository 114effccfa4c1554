import { createHmac } from 'node:crypto';
import type { KeyKind } from '../domain/velocity/key-kind.js';

/**
 * Names keys without telling them, by HMAC-SHA-256 cut to 128 bits: activity is kept without customers, cards,
 * addresses and devices in it. The secret keeps short values (IP addresses) from being found by trying them all.
 */
export class KeyHash {
  constructor(private readonly secret: string) {}

  /** The same uuid for the same kind and value, under one secret. */
  of(kind: KeyKind, value: string): string {
    const hex = createHmac('sha256', this.secret).update(`${kind}\n${value}`).digest('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
  }
}

/** Locks that stand for all keys: few enough for Postgres' lock table. */
const SLOTS = 4_096;

/** The slots that stand for some hashed keys, without repetitions and in the one order in which everybody locks. */
export function slotsOf(hashes: readonly string[]): number[] {
  const slots = new Set(hashes.map((hash) => Number.parseInt(hash.slice(0, 8), 16) % SLOTS));
  return [...slots].toSorted((a, b) => a - b);
}
