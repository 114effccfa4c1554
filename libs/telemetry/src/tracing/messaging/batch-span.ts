import { ROOT_CONTEXT, SpanKind, trace, type Context, type Link } from '@opentelemetry/api';
import { failed } from '../failed.js';
import { groupAttributes, MessagingAttribute } from './messaging-attributes.js';
import type { ProcessSpan } from './process-span.js';
import { spanTime } from '../span-time.js';
import { startSpan } from '../tracer.js';

/** Links that a span holds at most. */
const LINKS = 128;

/** Records that a group handled in one transaction. */
export interface ProcessedBatch {
  readonly topic: string;
  readonly group: string;
  /** Spans of the records. */
  readonly records: readonly ProcessSpan[];
  /** When the transaction began, milliseconds since the epoch. */
  readonly startedAt: number;
}

/**
 * Draws a batch that has just ended as the CONSUMER span `process <topic>`, a root, because a batch belongs to many
 * traces. It links the creations of the records that are traced; what is more than 128 is linked by further spans below
 * the first. Nothing is drawn for a single record, or where nothing is traced.
 */
export function drawBatch(batch: ProcessedBatch, error?: unknown): void {
  if (batch.records.length < 2) return;
  const links = batch.records.flatMap(linkTo);
  let parent: Context = ROOT_CONTEXT;
  for (let at = 0; at < links.length; at += LINKS) {
    const own = drawPart(batch, links.slice(at, at + LINKS), parent, error);
    if (at === 0) parent = own;
  }
}

function linkTo({ isKept, creation, context }: ProcessSpan): Link[] {
  const linked = isKept ? (creation ?? trace.getSpanContext(context)) : undefined;
  return linked === undefined ? [] : [{ context: linked }];
}

function drawPart(batch: ProcessedBatch, links: Link[], parent: Context, error: unknown): Context {
  const attributes = groupAttributes(batch, 'process');
  attributes[MessagingAttribute.BATCH_SIZE] = batch.records.length;
  // Whoever sampled one of its records wants to see its batch.
  attributes[MessagingAttribute.KEEP] = true;
  const options = { kind: SpanKind.CONSUMER, links, attributes, startTime: batch.startedAt };
  const span = startSpan(`process ${batch.topic}`, options, parent);
  if (error !== undefined) failed(span, error);
  span.end(spanTime());
  return trace.setSpan(parent, span);
}
