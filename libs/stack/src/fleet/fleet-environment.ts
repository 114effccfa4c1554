import { join } from 'node:path';
import { appRole, KEEPER_PRINCIPAL, ownerRole, topology } from '@millrace/contracts';
import { urlAs } from '../postgres/admin-database.js';
import { inheritedEnvironment } from '../processes/inherited-environment.js';
import { StackError } from '../stack.error.js';
import { KAFKA_ADMIN, KEEPER_ROLE } from '../stack/secrets.js';
import type { FleetPlace } from './fleet-place.js';

const HOST = '127.0.0.1';

/** All processes start at once on one machine: a connection may take longer than a service waits elsewhere. */
const CONNECT_WITHIN_MS = 15_000;

/** URL of the fleet's database for a role; throws `StackError` PROCESS when the stack knows no password for it. */
export function databaseUrl(place: FleetPlace, role: string): string {
  const password = place.secrets.roles[role];
  if (password === undefined) {
    const roles = Object.keys(place.secrets.roles).join(', ');
    throw new StackError('PROCESS', `This stack has no password for the role '${role}'; it has: ${roles}.`);
  }
  return urlAs(place.postgres, role, password);
}

/** Environment of one instance of a service; `instance` is its process name. */
export function serviceEnvironment(
  place: FleetPlace,
  service: string,
  instance = service,
): Record<string, string> {
  return {
    ...inherited(place),
    DATABASE_URL: databaseUrl(place, appRole(service)),
    DATABASE_CONNECT_TIMEOUT_MS: String(CONNECT_WITHIN_MS),
    ...kafkaVariables(place, service),
    HOST,
    PORT: portFor(place, instance),
    CAPTURE_SLOT: place.slot,
    SMTP_URL: place.smtp,
    FRAUD_KEY_SECRET: place.secrets.fraudKey,
  };
}

/** Environment of a service's migrations, which run as the owner of its schema. */
export function migrationEnvironment(place: FleetPlace, service: string): Record<string, string> {
  return { ...inherited(place), DATABASE_URL: databaseUrl(place, ownerRole(service)) };
}

/** Environment of the keeper's one-shots, which act as the superuser; on secured brokers `access` does so there too. */
export function setupEnvironment(place: FleetPlace, command: 'access' | 'capture'): Record<string, string> {
  const access = command === 'access';
  return {
    ...inherited(place),
    ADMIN_DATABASE_URL: place.postgres,
    ROLE_PASSWORDS_FILE: place.rolePasswordsFile,
    ...kafkaVariables(place, access ? KAFKA_ADMIN : KEEPER_PRINCIPAL),
    ...(access && place.secured ? { KAFKA_ACLS: 'true' } : {}),
    CAPTURE_SLOT: place.slot,
  };
}

/** Environment of `keeper run`. */
export function keeperEnvironment(place: FleetPlace): Record<string, string> {
  return {
    ...inherited(place),
    DATABASE_URL: databaseUrl(place, KEEPER_ROLE),
    CONNECT_URL: place.connect,
    CONNECTOR_FILE: join(place.root, 'deploy', 'connect', 'outbox-connector.json'),
    ...kafkaVariables(place, KEEPER_PRINCIPAL),
    CAPTURE_SLOT: place.slot,
    SERVICE_URLS: serviceUrls(place),
    HOST,
    PORT: portFor(place, 'keeper'),
  };
}

/** Where the first instance of each service listens, also when it is left out: instances share their database. */
function serviceUrls({ ports }: FleetPlace): string {
  return topology
    .flatMap(({ name }) => (ports[name] === undefined ? [] : [`${name}=http://${HOST}:${ports[name]}`]))
    .join(',');
}

function kafkaVariables(place: FleetPlace, principal: string): Record<string, string> {
  const password = place.secured ? place.secrets.principals[principal] : undefined;
  return {
    KAFKA_BROKERS: place.kafka,
    ...(password === undefined ? {} : { KAFKA_SASL_USERNAME: principal, KAFKA_SASL_PASSWORD: password }),
  };
}

function inherited(place: FleetPlace): Record<string, string> {
  return {
    ...inheritedEnvironment(process.env, ['OTEL_EXPORTER_', 'OTEL_TRACES_']),
    // Loading Nest and OpenTelemetry is most of a service's start; compiled once, it takes half the time.
    NODE_COMPILE_CACHE: join(place.root, '.millrace', 'compile-cache'),
    // Everything listens on 127.0.0.1, for one person: nobody must log in, and nobody is slowed down.
    AUTH: 'off',
    RATE_LIMIT_REQUESTS: '0',
    ...place.extra,
  };
}

function portFor(place: FleetPlace, instance: string): string {
  const port = place.ports[instance];
  if (port === undefined) throw new StackError('PROCESS', `This stack has no place for ${instance}.`);
  return String(port);
}
