import { classifyError } from '../failure/error-classifier.js';
import { errorText } from '../failure/error-text.js';
import type { BrokerRecord } from '../ports/broker.port.js';
import type { ConsumerEnvironment } from '../runtime/consumer-environment.js';
import { HandlerRun } from './handler-run.js';
import { queued } from './queued-record.js';
import type { RecordDecoder } from './record-decoder.js';

/** What would become of a record if it were handled now. */
export type Rehearsed =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly reason: string;
      readonly errorClass: string;
      readonly errorMessage: string;
    };

/**
 * Tries a record out: decoding, contract and handler, in a transaction that is rolled back, without outside effects.
 * Nothing of it stays.
 */
export class Rehearsal {
  constructor(
    private readonly environment: ConsumerEnvironment,
    private readonly decoder: RecordDecoder,
  ) {}

  /** Rehearses a record as it would arrive on the replay topic of its source; rejects only when a dependency is away. */
  async of(record: BrokerRecord, source: string): Promise<Rehearsed> {
    const now = this.environment.clock.now();
    const item = this.decoder.decode(queued(record, { kind: 'replay', source }, now));
    if (item.kind === 'poison') return failed(item.reason, item.error);
    if (item.kind === 'ignored') return failed('CONTRACT', new Error('no handler reads this type'));
    const run = new HandlerRun(this.environment);
    try {
      await this.environment.store.rehearse((tx) => run.handle([item], tx), run.signal);
      return { ok: true };
    } catch (error) {
      const kind = classifyError(error);
      // A dependency that is away says nothing of the record.
      if (kind === 'infrastructure') throw error;
      return failed(kind === 'fatal' ? 'FATAL' : 'EXHAUSTED', error);
    } finally {
      item.span?.end();
    }
  }
}

function failed(reason: string, error: unknown): Rehearsed {
  const { errorClass, errorMessage } = errorText(error);
  return { ok: false, reason, errorClass, errorMessage };
}
