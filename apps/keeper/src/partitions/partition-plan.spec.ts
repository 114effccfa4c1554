import { serviceNamed, topology } from '@millrace/contracts';
import { describe, expect, it } from '@jest/globals';
import { MissingTableError } from './missing-table.error.js';
import { partitionedTables } from './partition-plan.js';

describe('the partition plan', () => {
  it('covers the outbox of every producer and the inbox of every consumer, each owned by its service', () => {
    const services = ['order', 'analytics', 'fraud', 'feature-store'].map(serviceNamed);
    const tables = partitionedTables(services).map(
      (t) => `${t.schema}.${t.name} by ${t.column} of ${t.owner}`,
    );
    expect(tables).toEqual([
      'order.outbox by occurred_at of order_owner',
      'order.inbox by event_id of order_owner',
      'analytics.inbox by event_id of analytics_owner',
      'fraud.outbox by occurred_at of fraud_owner',
      'fraud.inbox by event_id of fraud_owner',
      'feature_store.inbox by event_id of feature_store_owner',
    ]);
  });

  it('says whose migration must run when a table is missing', () => {
    const error = new MissingTableError(partitionedTables(topology).filter((t) => t.service === 'fraud'));
    expect(error.message).toBe(
      'fraud.outbox, fraud.inbox do not exist as partitioned tables: run apps/fraud/dist/migrate.js first, then this again.',
    );
  });
});
