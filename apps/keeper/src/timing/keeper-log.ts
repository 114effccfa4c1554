/** What the keepers tell; a pino logger is one. */
export interface KeeperLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}
