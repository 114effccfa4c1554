/** Events that are to be written. */
export interface EventWriterTask {
  /** Connection string of a role that may write both outboxes. */
  readonly database: string;
  readonly outbox: 'ours' | 'library';
  readonly perSecond: number;
  readonly seconds: number;
}

/** Ids of the events that were committed. */
export interface WrittenEvents {
  readonly events: readonly string[];
}
