/** Record headers of the CloudEvents 1.0 Kafka binding and of W3C Trace Context that every event carries. */
export const EventHeader = {
  /** CloudEvents id: the outbox row's uuidv7, the identity of the event everywhere. */
  id: 'ce_id',
  /** CloudEvents type, for example `order.created`. */
  type: 'ce_type',
  /** CloudEvents source: `/millrace/<service>`. */
  source: 'ce_source',
  /** CloudEvents subject: the aggregate's id, equal to the record's key. */
  subject: 'ce_subject',
  /** CloudEvents time: start of the transaction that wrote the event, RFC 3339. */
  time: 'ce_time',
  /** CloudEvents spec version: `1.0`. */
  specVersion: 'ce_specversion',
  /** CloudEvents dataschema: the URN of the contract's version. */
  dataSchema: 'ce_dataschema',
  /** Extension: id of the event that caused this one; its own id for a root. */
  causationId: 'ce_causationid',
  /** Media type of the payload. */
  contentType: 'content-type',
  /** W3C trace context of the event's creation span. */
  traceparent: 'traceparent',
} as const;

/** Name of a header that every event carries. */
export type EventHeader = (typeof EventHeader)[keyof typeof EventHeader];
