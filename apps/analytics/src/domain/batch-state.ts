import type { ChecksumText } from '@millrace/contracts';

/** How many orders, and which: the sum and the exclusive or of their hashes. */
export interface BatchContents {
  readonly orders: number;
  readonly checksum: ChecksumText;
}

/** Whether what an import announced at its end has arrived. */
export type BatchState = 'open' | 'complete' | 'incomplete' | 'contradicting';

/** All states of a batch. */
export const batchStates = [
  'open',
  'complete',
  'incomplete',
  'contradicting',
] as const satisfies BatchState[];

/**
 * The state of a batch by what has arrived of it and what its end announced; without an end it is open, whether the
 * import goes on or broke off. As many orders as announced, or more, and yet others than those: contradicting, which
 * passes when a later end is still on its way.
 */
export function batchStateOf(arrived: BatchContents, announced: BatchContents | null): BatchState {
  if (!announced) return 'open';
  if (arrived.orders < announced.orders) return 'incomplete';
  const { sum, xor } = arrived.checksum;
  const same = sum === announced.checksum.sum && xor === announced.checksum.xor;
  return same && arrived.orders === announced.orders ? 'complete' : 'contradicting';
}
