import { producersOf, schemaOf, type ServiceTopology } from '@millrace/contracts';
import type { TableName } from '../store/publication-store.js';

/** Publication that the connector reads; the connector file names it too. */
export const PUBLICATION = 'millrace_outbox';

/** Outboxes of all producers. */
export function outboxesOf(services: readonly ServiceTopology[]): readonly TableName[] {
  return producersOf(services).map(({ name }) => ({ schema: schemaOf(name), name: 'outbox' }));
}
