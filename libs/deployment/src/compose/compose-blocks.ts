import type { ServiceTopology } from '@millrace/contracts';
import type { Program } from '../environment/programs.js';
import { withBlock } from './marked-text.js';

/** docker-compose.yml with what it says of each service made anew; the rest is the file's own. */
export function withServices(
  compose: string,
  services: readonly ServiceTopology[],
  programs: readonly Program[],
): string {
  const each = (line: (service: ServiceTopology) => string) => services.map(line).join('\n');
  const blocks: Readonly<Record<string, string>> = {
    'secret volumes': each(({ name }) => `- ${name}-secrets:/secrets/${name}`),
    migrations: each(({ name }) => `${name}-migrate: { condition: service_completed_successfully }`),
    services: services.map((service) => serviceBlocks(service, programs)).join('\n\n'),
    volumes: each(({ name }) => `${name}-secrets:`),
    networks: each(({ name }) => `${networkOf(name)}: { internal: true }`),
    ...Object.fromEntries(
      SHARED.map((server) => [
        `networks of ${server}`,
        each(({ name }) => `${networkOf(name)}: { aliases: [${server}.fleet] }`),
      ]),
    ),
    ...Object.fromEntries(
      VISITORS.map((visitor) => [`networks of ${visitor}`, each(({ name }) => `${networkOf(name)}: {}`)]),
    ),
    'service urls': `SERVICE_URLS: ${services.map(({ name }) => `${name}=${url(name)}`).join(',')}`,
    'prometheus targets': `prometheus-targets: { content: '${scrapeTargets(services)}' }`,
  };
  return Object.entries(blocks).reduce((text, [name, block]) => withBlock(text, name, block), compose);
}

/** Servers that every service reaches, each under a name that exists only on the networks meant for it. */
const SHARED = ['postgres', 'kafka', 'jaeger'] as const;

/** Programs that reach every service. */
const VISITORS = ['keeper', 'prometheus'] as const;

/** The network of one service, on which no other service is. */
const networkOf = (service: string) => `${service}-only`;

const PORT = 8080;
const url = (name: string) => `http://${name}:${PORT}`;

/** Every program that has metrics, with the labels that npm start gives it, as Prometheus' file discovery reads them. */
function scrapeTargets(services: readonly ServiceTopology[]): string {
  const programs = [...services.map(({ name }) => name), 'keeper'];
  return JSON.stringify(programs.map((name) => ({ targets: [`${name}:${PORT}`], labels: { job: name } })));
}

/** What a program is told beside what all are told, when it reads it, and the network behind which it lies. */
const EXTRAS: Readonly<Record<string, { readonly value: string; readonly network?: string }>> = {
  SMTP_URL: { value: "SMTP_URL: 'smtp://mail.fleet:1025'", network: 'mail' },
  FRAUD_KEY_SECRET: { value: 'FRAUD_KEY_SECRET_FILE: /run/secrets/key-secret' },
};

/** The migration and the program of a service, in terms of the file's own `x-migration` and `x-service`. */
function serviceBlocks({ name, port }: ServiceTopology, programs: readonly Program[]): string {
  const program = programs.find((each) => each.name === name);
  const extras = (program?.variables ?? []).flatMap((variable) => EXTRAS[variable.name] ?? []);
  const environment = ['<<: *environment', ...extras.map(({ value }) => value)].join(', ');
  const networks = extras.flatMap(({ network }) => network ?? []);
  return [
    `${name}-migrate:`,
    '  <<: *migration',
    `  image: millrace/${name}:\${MILLRACE_TAG:-dev}`,
    `  environment: { DATABASE_URL_FILE: /run/secrets/${name}-database-url }`,
    `${name}:`,
    '  <<: *service',
    `  image: millrace/${name}:\${MILLRACE_TAG:-dev}`,
    `  build: { <<: *build, args: { SERVICE: ${name} } }`,
    `  environment: { ${environment} }`,
    `  networks: [${[networkOf(name), ...networks, 'published'].join(', ')}]`,
    `  ports: ['127.0.0.1:\${${name.toUpperCase().replaceAll('-', '_')}_PORT:-${port}}:${PORT}']`,
    `  volumes: ['${name}-secrets:/run/secrets:ro']`,
  ].join('\n');
}
