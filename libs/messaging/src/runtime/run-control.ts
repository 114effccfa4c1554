import type { BlockedKeys } from './ordering-key.js';
import type { DecodedItem } from './work-item.js';

/** Where one run of records reports what became terminal, and learns that its partition is lost. */
export interface RunControl {
  readonly signal: AbortSignal;
  /** Keys of the partition whose records wait; nobody else's. */
  readonly blocked: BlockedKeys;
  terminal(item: DecodedItem): void;
}
