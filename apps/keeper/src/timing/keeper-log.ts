/** What the keepers tell; a pino logger is one. */
export interface KeeperLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** A log that also takes what somebody must act upon. */
export interface AlarmLog extends KeeperLog {
  error(fields: object, message: string): void;
}
