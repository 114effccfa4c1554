import { context, SpanKind, trace } from '@opentelemetry/api';
import { recordStatement } from '../metrics/server.metrics.js';
import { failed } from './failed.js';
import { spanTime } from './span-time.js';
import { startSpan } from './tracer.js';

/** A statement on its way to Postgres. */
export interface StatementSpan {
  /** Ends the span and measures the statement when it is answered, or with the error when it fails. */
  end(error?: unknown): void;
}

/**
 * Starts the CLIENT span of a statement, named by its first word: neither its text nor its values. There is a span only
 * within a trace that is kept; the time is measured always.
 */
export function startStatementSpan(sql: string): StatementSpan {
  const operation = operationOf(sql);
  const startedAt = performance.now();
  const active = context.active();
  const span = trace.getSpan(active)?.isRecording()
    ? startSpan(
        operation,
        {
          kind: SpanKind.CLIENT,
          attributes: { 'db.system.name': 'postgresql', 'db.operation.name': operation },
        },
        active,
      )
    : undefined;
  return {
    end: (error) => {
      recordStatement(operation, (performance.now() - startedAt) / 1_000, error);
      if (!span) return;
      if (error !== undefined) failed(span, error);
      span.end(spanTime());
    },
  };
}

const OPERATIONS = new Set([
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'MERGE',
  'WITH',
  'START',
  'BEGIN',
  'COMMIT',
  'ROLLBACK',
  'SET',
]);

/** Operations of texts that were seen before; a bounded number, because texts are constants as a rule. */
const known = new Map<string, string>();
const KNOWN_AT_MOST = 1_000;

/** First word of a statement: one of a closed list, or `OTHER`. */
function operationOf(sql: string): string {
  const before = known.get(sql);
  if (before !== undefined) return before;
  const word = /^\s*([a-z]+)/i.exec(sql)?.[1]?.toUpperCase() ?? '';
  const operation = OPERATIONS.has(word) ? word : 'OTHER';
  if (known.size < KNOWN_AT_MOST) known.set(sql, operation);
  return operation;
}
