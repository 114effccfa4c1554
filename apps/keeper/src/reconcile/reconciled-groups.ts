import { consumersOf, ownerRole, producersOf, schemaOf, type ServiceTopology } from '@millrace/contracts';

/** A schema with a table of events, and the role that may read it. */
export interface EventTable {
  readonly schema: string;
  readonly owner: string;
}

/** A consumer whose inbox is compared. */
export interface ReconciledGroup {
  readonly group: string;
  /** Domain topics that it reads. */
  readonly topics: readonly string[];
  readonly inbox: EventTable;
}

/** Every consumer of the services. */
export function reconciledGroups(services: readonly ServiceTopology[]): readonly ReconciledGroup[] {
  return consumersOf(services).map(({ name, consumes }) => ({
    group: name,
    topics: consumes.map(({ topic }) => topic),
    inbox: tableOf(name),
  }));
}

/** Every outbox of the services. */
export function outboxTables(services: readonly ServiceTopology[]): readonly EventTable[] {
  return producersOf(services).map(({ name }) => tableOf(name));
}

function tableOf(service: string): EventTable {
  return { schema: schemaOf(service), owner: ownerRole(service) };
}
