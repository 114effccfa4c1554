import { ExpressionError } from './expression.error.js';
import { joined, without, type Labels, type Resolve } from './label-set.js';
import { partsOfKind, type Part } from './syntax.js';

/** Labels of what a function yields. */
export function callLabels(call: Part, resolve: Resolve): Labels {
  const [identifier, body] = call.parts;
  const inner = joined((body?.parts ?? []).map(resolve));
  switch (identifier?.text ?? '') {
    case 'scalar':
    case 'time':
      return undefined;
    case 'vector':
      return new Set();
    case 'absent':
    case 'absent_over_time':
      return equalityLabels(call);
    case 'histogram_quantile':
      return withoutBounds(call, inner);
    case 'label_replace':
      return new Set([...(inner ?? []), ...written(body)]);
    default:
      return inner;
  }
}

/** `absent` has no series to take labels from: it takes what its selector demands. */
function equalityLabels(call: Part): Labels {
  const matchers = partsOfKind(call, 'UnquotedLabelMatcher');
  const equal = matchers.filter(({ parts }) => parts[1]?.text === '=');
  return new Set(equal.map(({ parts }) => parts[0]?.text ?? ''));
}

function withoutBounds(call: Part, inner: Labels): Labels {
  if (inner?.has('le')) return without(inner, new Set(['le']));
  throw new ExpressionError('LABEL', `'${call.text}' has no buckets left: keep the label 'le'`);
}

function written(body: Part | undefined): readonly string[] {
  const texts = (body?.parts ?? []).filter(({ kind }) => kind === 'StringLiteral');
  return texts.slice(0, 1).map(({ text }) => text.slice(1, -1));
}
