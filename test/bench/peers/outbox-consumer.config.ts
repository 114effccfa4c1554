import type { PollingListenerConfig, ReplicationListenerConfig } from 'pg-transactional-outbox';
import { LONE_SCHEMA, LONE_SLOT, NEXT_MESSAGES } from '../latency/lone-place.js';

/** Settings of the library as its documentation shows them for an outbox, and its defaults for everything else. */
export function listenerConfig(database: string): PollingListenerConfig & ReplicationListenerConfig {
  const { hostname, port, username, password, pathname } = new URL(database);
  return {
    outboxOrInbox: 'outbox',
    dbListenerConfig: {
      host: hostname,
      port: Number(port),
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
      database: pathname.slice(1),
    },
    settings: {
      dbSchema: LONE_SCHEMA,
      dbTable: 'outbox',
      enableMaxAttemptsProtection: false,
      enablePoisonousMessageProtection: false,
      nextMessagesFunctionSchema: LONE_SCHEMA,
      nextMessagesFunctionName: NEXT_MESSAGES,
      dbPublication: LONE_SLOT,
      dbReplicationSlot: LONE_SLOT,
    },
  };
}
