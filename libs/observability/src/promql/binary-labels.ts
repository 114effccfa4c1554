import { ExpressionError } from './expression.error.js';
import { joined, without, type Labels, type Resolve } from './label-set.js';
import { assertLabels } from './selector-labels.js';
import { partsOfKind, type Part } from './syntax.js';

/** How the series of two sides find each other. */
interface Matching {
  readonly kind: 'all' | 'on' | 'ignoring';
  readonly names: readonly Part[];
  /** Side whose series may share one of the other side. */
  readonly many: 'left' | 'right' | undefined;
  /** Labels that the many take over from the one. */
  readonly taken: readonly string[];
}

/** Labels of what an operator yields; throws when its sides can never match. */
export function binaryLabels(expression: Part, resolve: Resolve): Labels {
  const { parts } = expression;
  const [left, right] = [parts.at(0), parts.at(-1)].map((side) => side && resolve(side));
  if (left === undefined || right === undefined) return joined([left, right]);
  const operator = parts[1]?.kind;
  if (operator === 'Or') return joined([left, right]);
  const matching = matchingOf(parts.find(({ kind }) => kind === 'MatchingModifierClause'));
  assertMatching(expression, matching, left, right);
  if (operator === 'And' || operator === 'Unless') return left;
  return resultLabels(matching, left, right);
}

function matchingOf(clause: Part | undefined): Matching {
  const [first, second] = clause?.parts.filter(({ kind }) => kind === 'GroupingLabels') ?? [];
  const has = (kind: string): boolean => clause?.parts.some((part) => part.kind === kind) ?? false;
  return {
    kind: has('On') ? 'on' : has('Ignoring') ? 'ignoring' : 'all',
    names: first ? partsOfKind(first, 'LabelName') : [],
    many: has('GroupLeft') ? 'left' : has('GroupRight') ? 'right' : undefined,
    taken: second ? partsOfKind(second, 'LabelName').map(({ text }) => text) : [],
  };
}

function assertMatching(
  { text }: Part,
  { kind, names }: Matching,
  ...sides: readonly ReadonlySet<string>[]
): void {
  if (kind === 'on') {
    for (const side of sides) assertLabels(names, side, `one side of '${text}'`);
    return;
  }
  const ignored = new Set(names.map((name) => name.text));
  const [left = '', right = ''] = sides.map((side) => [...without(side, ignored)].toSorted().join(', '));
  if (left === right) return;
  throw new ExpressionError(
    'LABEL',
    `the sides never match, one has (${left}), the other (${right}): ${text}`,
  );
}

function resultLabels(
  { kind, names, many, taken }: Matching,
  left: ReadonlySet<string>,
  right: ReadonlySet<string>,
): Labels {
  if (many !== undefined) return new Set([...(many === 'left' ? left : right), ...taken]);
  const matched = new Set(names.map(({ text }) => text));
  return kind === 'on' ? matched : without(left, matched);
}
