export { catalogue } from './catalogue.js';
export { consumerView, UNKNOWN, type ConsumerView, type ViewData } from './consumer-view.js';
export { ContractViolationError, type Violation } from './contract-violation.error.js';
export { defineEvent, type EventData, type EventDefinition, type EventMetadata } from './event-definition.js';
export { EventHeader } from './event-headers.js';
export { assertProducible, encodeEvent } from './producer-view.js';
export { describeErrors } from './violations.js';
export * as schemaTypes from './schema-types.js';
export { OrderCreated, OrderLine } from './orders/order-created.v1.js';
export { BatchChecksum, type ChecksumText } from './orders/batch-checksum.js';
export { OrderBatchBegun, OrderBatchEnded } from './orders/order-batch.v1.js';
export { OrderCancelled } from './orders/order-cancelled.v1.js';
export { OrderConfirmed } from './orders/order-confirmed.v1.js';
export { OrderExpired } from './orders/order-expired.v1.js';
export { OrderRejected } from './orders/order-rejected.v1.js';
export { FraudAssessed } from './fraud/fraud-assessed.v1.js';
export { FraudReviewed } from './fraud/fraud-reviewed.v1.js';
export { InventoryLow } from './inventory/inventory-low.v1.js';
export { InventoryRejected } from './inventory/inventory-rejected.v1.js';
export { InventoryReleased } from './inventory/inventory-released.v1.js';
export { InventoryReserved } from './inventory/inventory-reserved.v1.js';
export type { Acl, AclOperation, AclResource, Principal, Quotas } from './topology/access/principal-types.js';
export { CONNECT_PRINCIPAL, KEEPER_PRINCIPAL, principalsOf } from './topology/access/principals-of.js';
export { CONNECT_QUOTAS, KEEPER_QUOTAS, SERVICE_QUOTAS } from './topology/access/quotas.js';
export { CONNECT_GROUP, CONNECT_TOPICS, heartbeatTopic, TOPIC_PREFIX } from './topology/capture-topics.js';
export {
  DEAD_LETTER_RETENTION_MS,
  DEFAULT_RETRY_DELAYS,
  DOMAIN_RETENTION_MS,
  PARTITIONS,
  RETRY_RETENTION_MS,
} from './topology/domain-topic.js';
export {
  appRole,
  deadLetterTopic,
  groupTopicPrefix,
  ownerRole,
  replayTopic,
  retryGroup,
  retryTopic,
  schemaOf,
  sourceOf,
} from './topology/names.js';
export { HEADROOM_BYTES, MAX_MESSAGE_BYTES, retryDelaysOf, topicsOf } from './topology/topics-of.js';
export { consumersOf, producersOf, serviceNamed, topology } from './topology/topology.js';
export type {
  OrderedSubscription,
  Ordering,
  OwnedTopic,
  ServiceTopology,
  Subscription,
  TopicKind,
  TopicSpecification,
  UnorderedSubscription,
} from './topology/topology-types.js';
