import type { Acl, AclOperation, AclResource, Principal } from '@millrace/contracts';

/** What an operation brings with it, in Kafka's authorizer. */
const IMPLIED: Readonly<Partial<Record<AclOperation, AclOperation>>> = {
  read: 'describe',
  write: 'describe',
  delete: 'describe',
  alter: 'describe',
  'alter-configs': 'describe-configs',
};

/** Operations that a principal's rules allow with a resource of that name, sorted. */
export function allowedBy({ acls }: Principal, resource: AclResource, name: string): readonly string[] {
  const operations = acls
    .filter((acl) => acl.resource === resource && covers(acl, name))
    .flatMap((acl) => acl.operations.flatMap((operation) => [operation, IMPLIED[operation] ?? operation]));
  return [...new Set(operations)].toSorted();
}

function covers(acl: Acl, name: string): boolean {
  if (acl.pattern === 'prefix') return name.startsWith(acl.name);
  return acl.name === name || acl.name === '*';
}
