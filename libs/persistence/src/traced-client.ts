import { startStatementSpan } from '@millrace/telemetry';
import { Client } from 'pg';

type Callback = (error: Error | null, result: unknown) => void;

const plainQuery: (this: Client, ...given: unknown[]) => unknown = Client.prototype.query;

/** A connection whose statements are measured, and seen in the trace that they belong to. */
export class TracedClient extends Client {}

// Not a method, because the driver declares many forms of this one.
Object.defineProperty(TracedClient.prototype, 'query', { value: tracedQuery });

function tracedQuery(this: Client, ...given: unknown[]): unknown {
  const text = textOf(given[0]);
  // What brings its own way of reading the answer, as cursors do, ends when it pleases.
  if (text === undefined) return plainQuery.apply(this, given);
  const span = startStatementSpan(text);
  const callback = given.at(-1);
  if (isCallback(callback)) {
    const ended: Callback = (error, result) => {
      span.end(error ?? undefined);
      callback(error, result);
    };
    return plainQuery.apply(this, [...given.slice(0, -1), ended]);
  }
  const answer = plainQuery.apply(this, given);
  if (answer instanceof Promise) {
    answer.then(
      () => span.end(),
      (error: unknown) => span.end(error),
    );
  }
  return answer;
}

function isCallback(value: unknown): value is Callback {
  return typeof value === 'function';
}

function textOf(query: unknown): string | undefined {
  if (typeof query === 'string') return query;
  const { text, submit } = query as { readonly text?: unknown; readonly submit?: unknown };
  return typeof text === 'string' && submit === undefined ? text : undefined;
}
