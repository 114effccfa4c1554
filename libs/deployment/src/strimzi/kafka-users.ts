import type { IKafkaUser } from '@kubernetes-models/strimzi-kafka-operator/kafka.strimzi.io/v1';
import {
  principalsOf,
  type Acl,
  type AclOperation,
  type Principal,
  type ServiceTopology,
} from '@millrace/contracts';
import { KAFKA_CLUSTER } from '../kubernetes/fleet-names.js';

type KafkaAcl = NonNullable<IKafkaUser['spec']['authorization']>['acls'][number];

const OPERATIONS: Readonly<Record<AclOperation, KafkaAcl['operations'][number]>> = {
  read: 'Read',
  write: 'Write',
  create: 'Create',
  delete: 'Delete',
  alter: 'Alter',
  describe: 'Describe',
  'describe-configs': 'DescribeConfigs',
  'alter-configs': 'AlterConfigs',
};

/** Every principal as Strimzi's user operator takes it; the operator makes each a password in a secret of its name. */
export function kafkaUsers(services: readonly ServiceTopology[]): readonly IKafkaUser[] {
  return principalsOf(services).map(kafkaUser);
}

function kafkaUser({ name, acls, quotas }: Principal): IKafkaUser {
  return {
    apiVersion: 'kafka.strimzi.io/v1',
    kind: 'KafkaUser',
    metadata: { name, labels: { 'strimzi.io/cluster': KAFKA_CLUSTER } },
    spec: {
      authentication: { type: 'scram-sha-512' },
      authorization: { type: 'simple', acls: acls.map(kafkaAcl) },
      quotas: {
        producerByteRate: quotas.producerBytesPerSecond,
        consumerByteRate: quotas.consumerBytesPerSecond,
        requestPercentage: quotas.requestPercent,
      },
    },
  };
}

function kafkaAcl({ resource, name, pattern, operations }: Acl): KafkaAcl {
  return {
    resource: resource === 'cluster' ? { type: 'cluster' } : { type: resource, name, patternType: pattern },
    operations: operations.map((operation) => OPERATIONS[operation]),
  };
}
