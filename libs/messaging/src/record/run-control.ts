import type { BlockedKey } from '../ports/failure.js';
import type { BlockedKeys } from '../partition/ordering-key.js';
import type { DecodedItem } from './work-item.js';

/** Where one run of records reports what became terminal, and learns that its partition is lost. */
export interface RunControl {
  /** Aborts when the partition is lost. */
  readonly signal: AbortSignal;
  /** Aborts when nothing new may begin, because the partition is lost or the consumer stops. */
  readonly stopping: AbortSignal;
  /** Keys of the partition whose records wait; nobody else's. */
  readonly blocked: BlockedKeys;
  /** Tries the head of a blocked key once, spending no attempt; rejects when it fails. */
  probeHead(key: BlockedKey): Promise<void>;
  terminal(item: DecodedItem): void;
}
