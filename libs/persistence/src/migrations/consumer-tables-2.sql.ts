/**
 * The keys whose events wait, and the events that wait. A Kafka key may be longer than an index entry, so its digest
 * stands for it; `headers` maps a name to the base64 of its values, because a name may come twice.
 */
export const PARKED_TABLES: readonly string[] = [
  `CREATE TABLE parked_key (
     consumer_group   text        NOT NULL,
     topic            text        NOT NULL,
     key              bytea       NOT NULL,
     key_digest       bytea       NOT NULL GENERATED ALWAYS AS (sha256(key)) STORED,
     partition        integer     NOT NULL,
     state            text        NOT NULL CHECK (state IN ('waiting', 'dead')),
     attempt          integer     NOT NULL,
     not_before       timestamptz NOT NULL,
     first_failure_at timestamptz,
     PRIMARY KEY (consumer_group, topic, key_digest)
   )`,
  `CREATE INDEX parked_key_due ON parked_key (consumer_group, topic, partition, state, not_before)`,
  `CREATE TABLE parked_event (
     consumer_group text        NOT NULL,
     topic          text        NOT NULL,
     partition      integer     NOT NULL,
     source_offset  bigint      NOT NULL,
     key            bytea       NOT NULL,
     key_digest     bytea       NOT NULL GENERATED ALWAYS AS (sha256(key)) STORED,
     record_key     bytea,
     event_id       uuid        NOT NULL,
     payload        bytea,
     headers        jsonb       NOT NULL,
     produced_at    timestamptz NOT NULL,
     received_at    timestamptz NOT NULL,
     PRIMARY KEY (consumer_group, topic, partition, source_offset)
   )`,
  `CREATE UNIQUE INDEX parked_event_once ON parked_event (consumer_group, event_id)`,
  `CREATE INDEX parked_event_of_key ON parked_event (consumer_group, topic, key_digest, source_offset)`,
];

/** Who replayed what and why, and what became of each event of a replay. */
export const REPLAY_TABLES: readonly string[] = [
  `CREATE TABLE replay (
     replay_id       uuid        PRIMARY KEY,
     consumer_group  text        NOT NULL,
     topic           text        NOT NULL,
     requested_by    text        NOT NULL,
     why             text        NOT NULL,
     filter          jsonb       NOT NULL,
     outside_effects boolean     NOT NULL,
     state           text        NOT NULL CHECK (state IN ('running', 'completed', 'stopped', 'aborted')),
     started_at      timestamptz NOT NULL,
     finished_at     timestamptz
   )`,
  `CREATE TABLE replay_event (
     consumer_group text        NOT NULL,
     replay_id      uuid        NOT NULL,
     event_id       uuid        NOT NULL,
     result         text        NOT NULL CHECK (result IN ('sent', 'done', 'failed')),
     at             timestamptz NOT NULL,
     PRIMARY KEY (replay_id, event_id)
   )`,
  `CREATE INDEX replay_event_sent ON replay_event (consumer_group, event_id) WHERE result = 'sent'`,
];
