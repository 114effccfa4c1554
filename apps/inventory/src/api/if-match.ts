import { ProblemError } from '@millrace/service/http';
import type { VersionGuard } from '../store/stock.store.js';

const TAGS = /^\s*(?:W\/)?"[^"]*"(?:\s*,\s*(?:W\/)?"[^"]*")*\s*$/;

/** The entity tag of a version. */
export function entityTag(version: number): string {
  return `"${version}"`;
}

/**
 * What an If-Match header insists on (RFC 9110): a SKU that exists (`*`), or one whose version is among the tags; weak
 * tags never match. Undefined without the header; throws a 400 problem when it is malformed.
 */
export function guardOf(header: string | undefined): VersionGuard | undefined {
  if (header === undefined) return undefined;
  if (header.trim() === '*') return (version) => version !== undefined;
  if (!TAGS.test(header)) {
    throw new ProblemError({
      status: 400,
      code: 'if-match-invalid',
      title: 'If-Match invalid',
      detail: 'Send the ETag that GET /stock/:sku answered with, in its quotes, or *.',
    });
  }
  const tags = header.split(',').map((tag) => tag.trim());
  return (version) => version !== undefined && tags.includes(entityTag(version));
}
