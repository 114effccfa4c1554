import { beforeAll, describe, expect, it } from '@jest/globals';
import { ofKind, partOf, type BuiltResource } from './support/built-resource.js';
import { buildOverlay, OVERLAYS } from './support/overlay.js';

describe.each(OVERLAYS)('Postgres in the overlay %s', (name) => {
  let cluster: BuiltResource | undefined;
  beforeAll(async () => {
    [cluster] = ofKind(await buildOverlay(name), 'Cluster');
  });

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
    const parameters = partOf<Record<string, string>>(cluster, 'postgresql', 'parameters');
    expect(Object.keys(parameters)).not.toEqual(expect.arrayContaining(['fsync']));
    expect(Object.keys(parameters)).not.toEqual(expect.arrayContaining(['synchronous_commit']));
  });

  it('caps what a resting slot keeps below the room that the log has', () => {
    const parameters = partOf<Record<string, string>>(cluster, 'postgresql', 'parameters');
    const size = partOf<string>(cluster, 'walStorage', 'size');
    expect(Number.parseInt(parameters['max_slot_wal_keep_size'] ?? '', 10)).toBeLessThan(
      Number.parseInt(size, 10),
    );
  });

  it('is three servers in production, two of which have every commit, and one server elsewhere', () => {
    const postgresql = partOf<Record<string, unknown>>(cluster, 'postgresql');
    expect([partOf(cluster, 'instances'), postgresql['synchronous']]).toEqual(
      name === 'prod' ? [3, { method: 'any', number: 1, dataDurability: 'required' }] : [1, undefined],
    );
  });
});
