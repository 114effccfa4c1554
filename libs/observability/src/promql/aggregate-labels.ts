import { without, type Labels, type Resolve } from './label-set.js';
import { assertLabels } from './selector-labels.js';
import { partsOfKind, type Part } from './syntax.js';

/** Aggregations that keep whole series instead of merging them. */
const KEEPING = new Set(['topk', 'bottomk', 'limitk']);

/** Labels that an aggregation leaves; throws when it groups by a label that is not there. */
export function aggregateLabels(aggregation: Part, resolve: Resolve): Labels {
  const named = (kind: string): Part | undefined => aggregation.parts.find((part) => part.kind === kind);
  const body = named('FunctionCallBody');
  const inner = (body && resolve(body)) ?? new Set<string>();
  const modifier = named('AggregateModifier');
  const grouping = modifier ? partsOfKind(modifier, 'LabelName') : [];
  assertLabels(grouping, inner, `'${body?.text ?? ''}'`);
  if (KEEPING.has(named('AggregateOp')?.text ?? '')) return inner;
  const names = new Set(grouping.map(({ text }) => text));
  return modifier?.parts.some(({ kind }) => kind === 'Without') ? without(inner, names) : names;
}
