import type { ConnectClient } from '../connector/connect-client.js';
import type { OffsetPosition } from './slot-verdict.js';

/** Fields of a Debezium offset that hold positions in the WAL. */
const POSITIONS = ['lsn', 'lsn_proc', 'lsn_commit'];

/** Longest wait for the offsets in milliseconds: a Connect without its Kafka must not keep a look from its end. */
const OFFSETS_WITHIN_MS = 5_000;

/**
 * Newest position that the stored offsets of a connector name; `unknown` when Connect is away, refuses, or knows no such
 * connector, which it also says of every connector while it starts.
 */
export async function connectorOffset(
  connect: ConnectClient,
  name: string,
  signal: AbortSignal,
): Promise<OffsetPosition> {
  try {
    const within = AbortSignal.any([signal, AbortSignal.timeout(OFFSETS_WITHIN_MS)]);
    const offsets = await connect.offsets(name, within);
    return offsets === undefined ? 'unknown' : newestPosition(offsets);
  } catch {
    return 'unknown';
  }
}

/** Newest position among offsets; `none` when they name none. */
export function newestPosition(offsets: readonly Readonly<Record<string, unknown>>[]): bigint | 'none' {
  const positions = offsets
    .flatMap((offset) => POSITIONS.map((field) => offset[field]))
    .filter((value): value is number => Number.isSafeInteger(value));
  return positions.length === 0 ? 'none' : BigInt(Math.max(...positions));
}
