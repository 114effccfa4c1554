import { ownerRole, schemaOf, type ServiceTopology } from '@millrace/contracts';
import { timestampBounds, utcDayOf, uuidBounds, type DayBounds, type UtcDay } from './day-bounds.js';

/** Days before today that a partition is kept ready for: clocks and time zones disagree by less than one. */
export const DAYS_BEHIND = 1;

/** Days ahead of today that a partition is made for: so long may the keeper be away. */
export const DAYS_AHEAD = 7;

/** A table of a service that is partitioned by day. */
export interface PartitionedTable {
  readonly service: string;
  readonly schema: string;
  readonly name: 'outbox' | 'inbox';
  /** Role that owns the table and so must own its partitions. */
  readonly owner: string;
  /** Column that the table is partitioned by. */
  readonly column: 'occurred_at' | 'event_id';
  /** Bounds of a day in that column's values. */
  readonly boundsOf: (day: UtcDay) => DayBounds;
}

/** Every outbox (by `occurred_at`) and inbox (by `event_id`) of the fleet. */
export function partitionedTables(services: readonly ServiceTopology[]): readonly PartitionedTable[] {
  return services.flatMap((service) => {
    const place = { service: service.name, schema: schemaOf(service.name), owner: ownerRole(service.name) };
    const outbox = { ...place, name: 'outbox', column: 'occurred_at', boundsOf: timestampBounds } as const;
    const inbox = { ...place, name: 'inbox', column: 'event_id', boundsOf: uuidBounds } as const;
    return [
      ...(service.produces.length > 0 ? [outbox] : []),
      ...(service.consumes.length > 0 ? [inbox] : []),
    ];
  });
}

/** Days that must have a partition at an instant (milliseconds since the epoch): yesterday to seven days ahead, UTC. */
export function daysToKeep(instantMs: number): readonly UtcDay[] {
  const today = utcDayOf(instantMs);
  return Array.from({ length: DAYS_BEHIND + 1 + DAYS_AHEAD }, (_, index) => today - DAYS_BEHIND + index);
}
