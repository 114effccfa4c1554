import { KEEPER_PRINCIPAL } from '@millrace/contracts';
import type { Program } from '../environment/programs.js';
import {
  CONNECT_URL,
  databaseSecret,
  HTTP_PORT,
  KAFKA_BOOTSTRAP,
  KAFKA_CLUSTER,
  SETTINGS,
} from './fleet-names.js';

/** Where the value of a variable comes from: a text, a key of the overlay's settings, or a key of a secret, as a file. */
export type VariableSource =
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'setting'; readonly map: string }
  | { readonly kind: 'secret'; readonly secret: string; readonly key: string; readonly file: string };

/** Variables whose value belongs to a place: an overlay sets them all. */
const FROM_SETTINGS = [
  'LOG_LEVEL',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_TRACES_SAMPLER_ARG',
  'DEPLOYMENT_ENVIRONMENT',
  'SMTP_URL',
  'MAIL_FROM',
  'MAIL_FALLBACK_DOMAIN',
  'AUTH',
  'AUTH_JWKS_URL',
  'AUTH_ISSUER',
  'AUTH_AUDIENCE',
  'TRUSTED_PROXIES',
  'OPS_TOKEN_URL',
  'OPS_TOKEN_AUDIENCE',
] as const;

type Source = (program: Program, services: readonly string[]) => VariableSource;

const SOURCES: Readonly<Record<string, Source>> = {
  ...Object.fromEntries(FROM_SETTINGS.map((name) => [name, setting])),
  HOST: () => text('0.0.0.0'),
  PORT: () => text(String(HTTP_PORT)),
  DATABASE_URL: ({ kind, app }) =>
    secret(databaseSecret(app), kind === 'migration' ? 'owner-url' : 'app-url', 'database-url'),
  ADMIN_DATABASE_URL: () => secret('keeper-setup', 'admin-database-url', 'admin-database-url'),
  ROLE_PASSWORDS_FILE: () => secret('keeper-setup', 'role-passwords.json', 'role-passwords.json'),
  KAFKA_BROKERS: () => text(KAFKA_BOOTSTRAP),
  KAFKA_SASL_USERNAME: (program) => text(kafkaUserOf(program)),
  KAFKA_SASL_PASSWORD: (program) => secret(kafkaUserOf(program), 'password', 'kafka-password'),
  KAFKA_TLS_CA: () => secret(`${KAFKA_CLUSTER}-cluster-ca-cert`, 'ca.crt', 'kafka-ca.crt'),
  FRAUD_KEY_SECRET: () => secret('fraud-keys', 'key-secret', 'key-secret'),
  OPS_CLIENT_ID: () => secret('ops-client', 'client-id', 'ops-client-id'),
  OPS_CLIENT_SECRET: () => secret('ops-client', 'client-secret', 'ops-client-secret'),
  CONNECT_URL: () => text(CONNECT_URL),
  CONNECTOR_FILE: () => text('/etc/millrace/outbox-connector.json'),
  SERVICE_URLS: (_, services) => text(services.map((name) => `${name}=http://${name}`).join(',')),
};

/** Where a variable of a program comes from in Kubernetes; undefined leaves it at its default. */
export function sourceOf(
  variable: string,
  program: Program,
  services: readonly string[],
): VariableSource | undefined {
  return SOURCES[variable]?.(program, services);
}

/** Kafka user that a program logs in as. */
export function kafkaUserOf({ app }: Program): string {
  return app === 'keeper' ? KEEPER_PRINCIPAL : app;
}

function text(value: string): VariableSource {
  return { kind: 'value', value };
}

function setting(): VariableSource {
  return { kind: 'setting', map: SETTINGS };
}

function secret(name: string, key: string, file: string): VariableSource {
  return { kind: 'secret', secret: name, key, file };
}
