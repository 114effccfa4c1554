import { appRole, ownerRole, schemaOf, type ServiceTopology } from '@millrace/contracts';

/** Login roles that belong to the fleet and to no service. */
export interface SystemRoles {
  /** Reads the outboxes for the connector: REPLICATION, and SELECT on the outboxes only. */
  readonly capture: string;
  /** Runs `keeper run`: may become any owner to make partitions, sees slots and activity. */
  readonly keeper: string;
}

/** Names of the system roles. */
export const SYSTEM_ROLES: SystemRoles = { capture: 'millrace_capture', keeper: 'millrace_keeper' };

/** A login role as it must be. Never superuser, never creator of databases or roles. */
export interface RoleSpecification {
  readonly name: string;
  /** May start replication connections. */
  readonly replication: boolean;
  /** Only schema of its search path; unset keeps the server's. */
  readonly schema?: string;
}

/** Every login role of the fleet: an owner (DDL) and an app role (DML) per service, then the system roles. */
export function loginRoles(
  services: readonly ServiceTopology[],
  system: SystemRoles = SYSTEM_ROLES,
): readonly RoleSpecification[] {
  return [
    ...services.flatMap(({ name }) => [
      { name: ownerRole(name), replication: false, schema: schemaOf(name) },
      { name: appRole(name), replication: false, schema: schemaOf(name) },
    ]),
    { name: system.capture, replication: true },
    { name: system.keeper, replication: false },
  ];
}
