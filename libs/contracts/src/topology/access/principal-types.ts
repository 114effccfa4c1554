/** What an access rule is about. */
export type AclResource = 'topic' | 'group' | 'cluster';

/** What an access rule allows; `read` and `write` bring `describe` with them, as Kafka has it. */
export type AclOperation =
  'read' | 'write' | 'create' | 'delete' | 'alter' | 'describe' | 'describe-configs' | 'alter-configs';

/** What a principal may do with a resource, or with all whose name begins so; what no rule allows is refused. */
export interface Acl {
  readonly resource: AclResource;
  /** Name or prefix; `*` with `literal` means all of them, `kafka-cluster` is the cluster. */
  readonly name: string;
  readonly pattern: 'literal' | 'prefix';
  readonly operations: readonly AclOperation[];
}

/** What a principal may take of each broker before the broker slows it down. */
export interface Quotas {
  readonly producerBytesPerSecond: number;
  readonly consumerBytesPerSecond: number;
  /** Time of the broker's network and request threads: 100 is one thread. */
  readonly requestPercent: number;
}

/** Somebody who logs in to Kafka, by the name of the Kafka user. */
export interface Principal {
  readonly name: string;
  readonly acls: readonly Acl[];
  readonly quotas: Quotas;
}
