import type { Acl, AclOperation, AclResource, Principal } from '@millrace/contracts';
import kafkajs, {
  type AclEntry,
  type AclOperationTypes as OperationCode,
  type AclResourceTypes as ResourceCode,
  type Admin,
} from 'kafkajs';

// Node finds only the first of this package's exports by name.
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

/** What became of the access rules, each as `allow User:fraud read literal topic order.created`. */
export interface AclChanges {
  readonly created: readonly string[];
  readonly deleted: readonly string[];
}

const RESOURCES: Readonly<Record<AclResource, ResourceCode>> = {
  topic: AclResourceTypes.TOPIC,
  group: AclResourceTypes.GROUP,
  cluster: AclResourceTypes.CLUSTER,
};

const OPERATIONS: Readonly<Record<AclOperation, OperationCode>> = {
  read: AclOperationTypes.READ,
  write: AclOperationTypes.WRITE,
  create: AclOperationTypes.CREATE,
  delete: AclOperationTypes.DELETE,
  alter: AclOperationTypes.ALTER,
  describe: AclOperationTypes.DESCRIBE,
  'describe-configs': AclOperationTypes.DESCRIBE_CONFIGS,
  'alter-configs': AclOperationTypes.ALTER_CONFIGS,
};

/**
 * Makes the access rules of these principals what they must be: creates what is missing and deletes what they have
 * besides. Rules of other principals stay. Needs the right to alter the cluster.
 */
export async function putAcls(admin: Admin, principals: readonly Principal[]): Promise<AclChanges> {
  const wanted = byName(principals.flatMap(entriesOf));
  const present = byName((await Promise.all(principals.map(({ name }) => rulesOf(admin, name)))).flat());
  const missing = [...wanted].filter(([name]) => !present.has(name));
  const surplus = [...present].filter(([name]) => !wanted.has(name));
  if (missing.length > 0) await admin.createAcls({ acl: missing.map(([, entry]) => entry) });
  if (surplus.length > 0) await admin.deleteAcls({ filters: surplus.map(([, entry]) => entry) });
  return { created: missing.map(([name]) => name), deleted: surplus.map(([name]) => name) };
}

function entriesOf({ name, acls }: Principal): AclEntry[] {
  return acls.flatMap((acl) => acl.operations.map((operation) => entryOf(name, acl, operation)));
}

function entryOf(principal: string, { resource, name, pattern }: Acl, operation: AclOperation): AclEntry {
  return {
    principal: `User:${principal}`,
    host: '*',
    operation: OPERATIONS[operation],
    permissionType: AclPermissionTypes.ALLOW,
    resourceType: RESOURCES[resource],
    resourceName: name,
    resourcePatternType: pattern === 'prefix' ? ResourcePatternTypes.PREFIXED : ResourcePatternTypes.LITERAL,
  };
}

async function rulesOf(admin: Admin, principal: string): Promise<AclEntry[]> {
  const { resources } = await admin.describeAcls({
    principal: `User:${principal}`,
    resourceType: AclResourceTypes.ANY,
    resourcePatternType: ResourcePatternTypes.ANY,
    operation: AclOperationTypes.ANY,
    permissionType: AclPermissionTypes.ANY,
  });
  return resources.flatMap(({ acls, resourceType, resourceName, resourcePatternType }) =>
    acls.map((acl) => ({ ...acl, resourceType, resourceName, resourcePatternType })),
  );
}

function byName(entries: readonly AclEntry[]): ReadonlyMap<string, AclEntry> {
  return new Map(entries.map((entry) => [nameOf(entry), entry]));
}

function nameOf(entry: AclEntry): string {
  const words = [
    wordOf(AclPermissionTypes, entry.permissionType),
    entry.principal,
    wordOf(AclOperationTypes, entry.operation),
    wordOf(ResourcePatternTypes, entry.resourcePatternType),
    wordOf(AclResourceTypes, entry.resourceType),
    entry.resourceName,
  ];
  return [...words, ...(entry.host === '*' ? [] : [`from ${entry.host}`])].join(' ');
}

/** kafkajs' enumerations know the numbers of their words, and not the words of their numbers. */
function wordOf(words: object, code: number): string {
  const found = Object.entries(words).find(([, value]) => value === code);
  return found?.[0].toLowerCase() ?? String(code);
}
