import type { ConsumerStore } from '@millrace/messaging';

/** A consumer store of its own for one run of the suite, and what the port does not tell of it. */
export interface StoreUnderTest {
  readonly store: ConsumerStore;
  /** Every row that it holds, as text; bytes as UTF-8, hexadecimal or base64. */
  everything(): Promise<string>;
  /** Transactions that wait for a lock of another one. */
  waiting(): Promise<number>;
  close(): Promise<void>;
}
