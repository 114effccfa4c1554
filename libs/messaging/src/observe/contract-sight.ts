import { EventHeader } from '@millrace/contracts';
import { countVersion, countViolation } from '@millrace/telemetry';
import { headerText } from '../record/header-text.js';
import type { DecodedItem } from '../record/work-item.js';

/** Versions that are counted by their number, lest a header can make as many series as it likes. */
const VERSION = /:(\d{1,2})$/;

/** Counts what a batch says of its contracts: the versions that its events were written with, and what broke them. */
export function noteContracts(group: string, items: readonly DecodedItem[]): void {
  const seen = new Map<string, number>();
  for (const item of items) {
    if (item.kind === 'poison' && item.reason === 'CONTRACT') countViolation({ group, type: item.type });
    if (item.kind !== 'event' || item.origin.kind !== 'source') continue;
    const schema = headerText(item.source.headers[EventHeader.dataSchema]) ?? '';
    const key = `${item.type} ${VERSION.exec(schema)?.[1] ?? 'other'}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  for (const [key, count] of seen) {
    const [type = '', version = ''] = key.split(' ');
    countVersion({ group, type }, version, count);
  }
}
