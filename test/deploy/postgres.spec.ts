import { beforeAll, describe, expect, it } from '@jest/globals';
import { ofKind, type BuiltResource } from './support/built-resource.js';
import { buildOverlay, OVERLAYS, PATIENCE_MS } from './support/overlay.js';

describe.each(OVERLAYS)('Postgres in the overlay %s', (name) => {
  let cluster: BuiltResource | undefined;
  beforeAll(async () => {
    [cluster] = ofKind(await buildOverlay(name), 'Cluster');
  }, PATIENCE_MS);

  it('keeps the slot of capture across a failover', () => {
    expect(cluster?.spec).toMatchObject({
      replicationSlots: { highAvailability: { enabled: true, synchronizeLogicalDecoding: true } },
      postgresql: {
        parameters: {
          sync_replication_slots: 'on',
          hot_standby_feedback: 'on',
          idle_replication_slot_timeout: '0',
          track_commit_timestamp: 'on',
        },
      },
    });
  });

  it('never turns durability off', () => {
    const { parameters } = cluster?.spec?.['postgresql'] as { parameters: Record<string, string> };
    expect(Object.keys(parameters)).not.toEqual(expect.arrayContaining(['fsync']));
    expect(Object.keys(parameters)).not.toEqual(expect.arrayContaining(['synchronous_commit']));
  });

  it('caps what a resting slot keeps below the room that the log has', () => {
    const { parameters } = cluster?.spec?.['postgresql'] as { parameters: Record<string, string> };
    const { size } = cluster?.spec?.['walStorage'] as { size: string };
    expect(Number.parseInt(parameters['max_slot_wal_keep_size'] ?? '', 10)).toBeLessThan(
      Number.parseInt(size, 10),
    );
  });

  it('is three servers in production, two of which have every commit', () => {
    if (name !== 'prod') return expect(cluster?.spec).toMatchObject({ instances: 1 });
    expect(cluster?.spec).toMatchObject({
      instances: 3,
      postgresql: { synchronous: { method: 'any', number: 1, dataDurability: 'required' } },
    });
  });
});
