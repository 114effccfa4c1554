/** Settings of the embedded server, as `name → value`; durability stays at its defaults (fsync and synchronous_commit on). */
export const postgresSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  wal_level: 'logical',
  // The way of an order and the latency measurements are read from commit timestamps.
  track_commit_timestamp: 'on',
  max_connections: '200',
  max_wal_senders: '20',
  max_replication_slots: '20',
  // A slot may rest while a connector is down: it must survive that, but not fill the disk.
  idle_replication_slot_timeout: '0',
  max_slot_wal_keep_size: '8GB',
  shared_buffers: '192MB',
  max_wal_size: '2GB',
  // Every table begins empty, and statements are planned for what is known of it.
  autovacuum_naptime: '5s',
  // Short statements only: compiling them costs more than it saves.
  jit: 'off',
  // The details of an error quote rows, and those hold what customers told us.
  log_error_verbosity: 'terse',
  timezone: 'UTC',
  log_timezone: 'UTC',
} as const satisfies Readonly<Record<string, string>>;

/** The settings as arguments of the `postgres` program. */
export function settingArguments(settings: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
