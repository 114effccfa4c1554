import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { ExpressionError } from './expression.error.js';

/** A part of an expression with its text. */
export interface Part {
  /** Name in the grammar of PromQL, such as `VectorSelector`. */
  readonly kind: string;
  readonly text: string;
  readonly parts: readonly Part[];
}

/** Parses PromQL; throws `ExpressionError` SYNTAX naming the place. */
export function parsePromql(text: string): Part {
  const { topNode } = parser.parse(text);
  const root = partOf(topNode, text);
  const broken = firstBroken(topNode);
  if (broken !== undefined) {
    throw new ExpressionError('SYNTAX', `no PromQL from '${text.slice(broken, broken + 40)}' on: ${text}`);
  }
  return root;
}

/** Parts of a kind anywhere below a part, itself included. */
export function partsOfKind(part: Part, kind: string): readonly Part[] {
  return [...(part.kind === kind ? [part] : []), ...part.parts.flatMap((inner) => partsOfKind(inner, kind))];
}

function partOf(node: SyntaxNode, text: string): Part {
  const parts: Part[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling)
    parts.push(partOf(child, text));
  return { kind: node.name, text: text.slice(node.from, node.to), parts };
}

function firstBroken(node: SyntaxNode): number | undefined {
  if (node.type.isError) return node.from;
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    const broken = firstBroken(child);
    if (broken !== undefined) return broken;
  }
  return undefined;
}
