import type { Alert } from '@millrace/observability';

/** An alert that was broken in one place. */
export interface RuleMutant {
  /** What was done, such as `> becomes <`. */
  readonly what: string;
  readonly alert: Alert;
}

const OPPOSITES: Readonly<Record<string, string>> = {
  '>': '<=',
  '>=': '<',
  '<': '>=',
  '==': '!=',
  and: 'unless',
  unless: 'and',
};
const OPERATOR = / (>=|>|<|==|and|unless)(?=\s)/g;
/** A number that stands alone: no part of a name, of a label's value or of a duration. */
const NUMBER = /(?<![\w."[])\d+(?:\.\d+)?(?![\w"\].])/g;
const FACTOR = 4;

/** Every way to turn an operator round, to move a limit, or to drop the time that an alert waits. */
export function mutantsOf(alert: Alert): readonly RuleMutant[] {
  const operators = [...alert.expr.matchAll(OPERATOR)].map((found) =>
    replaced(alert, found.index + 1, found[1] ?? '', OPPOSITES[found[1] ?? ''] ?? ''),
  );
  const limits = [...alert.expr.matchAll(NUMBER)]
    .filter(([text]) => Number(text) !== 0)
    .flatMap(({ 0: text, index }) =>
      [Number(text) * FACTOR, Number(text) / FACTOR].map((other) =>
        replaced(alert, index, text, String(other)),
      ),
    );
  return [...operators, ...limits, ...withoutWait(alert)];
}

function replaced(alert: Alert, at: number, text: string, by: string): RuleMutant {
  const expr = alert.expr.slice(0, at) + by + alert.expr.slice(at + text.length);
  return { what: `${text} at ${at} becomes ${by}`, alert: { ...alert, expr } };
}

function withoutWait({ for: pending, ...alert }: Alert): readonly RuleMutant[] {
  return pending === undefined ? [] : [{ what: `for ${pending} is dropped`, alert }];
}
