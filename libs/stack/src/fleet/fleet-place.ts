import type { Secrets } from '../stack/secrets.js';

/** What every process of the fleet is told of the place it runs in. */
export interface FleetPlace {
  /** Folder of the checkout. */
  readonly root: string;
  readonly kafka: string;
  /** URL of the superuser to the fleet's database. */
  readonly postgres: string;
  readonly connect: string;
  readonly smtp: string;
  readonly slot: string;
  readonly secrets: Secrets;
  /** Whether the brokers ask who calls. */
  readonly secured: boolean;
  /** File with role → password, for the keeper. */
  readonly rolePasswordsFile: string;
  /** Ports by process name. */
  readonly ports: Readonly<Record<string, number>>;
  /** Variables added to every service and the keeper. */
  readonly extra: Readonly<Record<string, string>>;
}
