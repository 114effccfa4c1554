import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { topology } from '@millrace/contracts';
import { SERVICE_NODE_OPTIONS } from '@millrace/stack';
import {
  connectContainer,
  IMAGES,
  kafkaContainer,
  postgresContainer,
} from '../../libs/stack/src/docker/servers.js';
import { ComposeFleet } from './support/compose-fleet.js';

const ROOT = join(import.meta.dirname, '..', '..');
const SECONDS = 1e9;

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly restart?: string;
  readonly stop_grace_period?: string;
  readonly mem_limit?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly { readonly host_ip?: string; readonly published: string }[];
  readonly volumes?: readonly { readonly type: string; readonly source: string; readonly target: string }[];
  readonly networks?: Readonly<Record<string, unknown>>;
  readonly privileged?: boolean;
}

interface Project {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly configs: Readonly<Record<string, { readonly content?: string }>>;
}

const readProject = async (...options: readonly string[]): Promise<Project> => {
  const fleet = await ComposeFleet.plan();
  return JSON.parse(await fleet.compose(...options, 'config', '--format', 'json')) as Project;
};

describe('docker-compose.yml', () => {
  let project: Project;
  const service = (name: string): Service => {
    const found = project.services[name];
    if (!found) throw new Error(`docker-compose.yml has no ${name}`);
    return found;
  };
  beforeAll(async () => {
    project = await readProject('--profile', '*');
  });

  it('runs every service of the topology, with its migration, and the keeper', () => {
    const names = topology.flatMap(({ name }) => [name, `${name}-migrate`]);
    expect(Object.keys(project.services)).toEqual(expect.arrayContaining([...names, 'keeper', 'secrets']));
  });

  it('publishes on this machine alone', () => {
    const published = Object.entries(project.services).flatMap(([name, { ports = [] }]) =>
      ports.map(({ host_ip }) => ({ name, host_ip })),
    );
    expect(published.length).toBeGreaterThan(8);
    expect(published.filter(({ host_ip }) => host_ip !== '127.0.0.1')).toEqual([]);
  });

  it('pins every image, limits every memory, holds no password, and starts again what has to stay', () => {
    for (const [name, { image, mem_limit, restart, privileged, environment = {} }] of Object.entries(
      project.services,
    )) {
      expect({ name, image }).toEqual({ name, image: expect.stringMatching(/:(?!latest$)[\w.-]+$/) });
      expect({ name, limit: Number(mem_limit) > 0 }).toEqual({ name, limit: true });
      expect({ name, privileged: privileged ?? false }).toEqual({ name, privileged: false });
      expect(
        Object.keys(environment).filter(
          (key) => /PASSWORD$|SECRET$|_URL$/.test(key) && !['SMTP_URL', 'CONNECT_URL'].includes(key),
        ),
      ).toEqual([]);
      const once = /^secrets$|^keeper-|-migrate$/.test(name);
      expect({ name, restart: restart ?? 'no' }).toEqual({ name, restart: once ? 'no' : 'unless-stopped' });
    }
  });

  it('closes every network but the one that publishes', () => {
    const open = Object.entries(project.networks).filter(([, { internal }]) => !internal);
    expect(open.map(([name]) => name)).toEqual(['published']);
  });

  it('lets no service reach another', () => {
    const joined = topology.flatMap(({ name }) => Object.keys(service(name).networks ?? {}));
    const shared = joined.filter((network, at) => joined.indexOf(network) !== at);
    expect([...new Set(shared)]).toEqual(['published']);
  });

  it('gives every program longer to stop than its own deadline of 30 s', () => {
    for (const name of [...topology.map((each) => each.name), 'keeper']) {
      expect({ name, grace: service(name).stop_grace_period }).toEqual({ name, grace: '40s' });
    }
  });

  it('sets Postgres, Kafka and Connect as the local stack does, from the same images', () => {
    const place = { stack: '', logFile: '', port: 19_092 };
    const postgres = postgresContainer(place, '', '');
    expect(service('postgres').image).toBe(IMAGES.postgres);
    expect(settings(service('postgres').command ?? [])).toEqual(settings(postgres.args ?? []));

    const kafka = kafkaContainer(place);
    expect(service('kafka').image).toBe(IMAGES.kafka);
    const { BROKER_PROPERTIES: given = '' } = service('kafka').environment ?? {};
    const { BROKER_PROPERTIES: wanted = '' } = kafka.environment;
    expect(propertiesOf(given)).toEqual(propertiesOf(wanted));
    // Compose shows a dollar as two.
    expect(service('kafka').command?.map((word) => word.replaceAll('$$', '$'))).toEqual(kafka.args);

    const worker = connectContainer(place, ROOT, {});
    expect(service('connect').image).toBe(IMAGES.connect);
    const local = /^MILLRACE_|^BASH_ENV$|^BOOTSTRAP_SERVERS$|^ADVERTISED_HOST_NAME$/;
    expect(without(service('connect').environment, local)).toEqual(without(worker.environment, local));
  });

  it('has all that it mounts from the checkout, also for the profile observability', async () => {
    const { services } = await readProject('--profile', 'observability');
    expect(Object.keys(services)).toEqual(expect.arrayContaining(['prometheus', 'grafana', 'order']));
    const mounted = Object.values(services).flatMap(({ volumes = [] }) =>
      volumes.filter(({ type }) => type === 'bind').map(({ source }) => source),
    );
    expect(mounted.length).toBeGreaterThan(2);
    expect(mounted.filter((path) => !existsSync(path))).toEqual([]);
  });

  it('scrapes every program that has metrics, over a network that it is on', () => {
    const groups = JSON.parse(project.configs['prometheus-targets']?.content ?? '[]') as {
      targets: string[];
    }[];
    const targets = groups.flatMap((group) => group.targets);
    expect(targets).toEqual([...topology.map(({ name }) => name), 'keeper'].map((name) => `${name}:8080`));
    const reached = Object.keys(service('prometheus').networks ?? {});
    const shared = (program: string) =>
      Object.keys(service(program).networks ?? {}).filter((name) => reached.includes(name));
    for (const { name } of topology) expect(shared(name)).toEqual([`${name}-only`]);
    expect(shared('keeper').toSorted()).toEqual(topology.map(({ name }) => `${name}-only`).toSorted());
  });
});

describe('deploy/docker/Dockerfile', () => {
  const text = readFileSync(join(ROOT, 'deploy/docker/Dockerfile'), 'utf8');

  it('runs programs with the options that the local stack gives Node', () => {
    const entry = /^ENTRYPOINT (\[.*\])$/m.exec(text)?.[1] ?? '[]';
    expect(JSON.parse(entry)).toEqual(['node', ...SERVICE_NODE_OPTIONS]);
  });

  it('needs no shell to run, and nothing that an engine of 2020 does not know', () => {
    expect(text).not.toMatch(/^(CMD|ENTRYPOINT) (?!\[)/m);
    expect(text).not.toMatch(/^# syntax=|<<|--start-interval/m);
  });

  it('checks the health often enough for a start to be seen in seconds', () => {
    const interval = Number(/--interval=(\d+)s/.exec(text)?.[1]) * SECONDS;
    expect(interval).toBeLessThanOrEqual(5 * SECONDS);
  });
});

/** `-c name=value` in either spelling, sorted. */
function settings(args: readonly string[]): string[] {
  return args
    .map((arg) => arg.replace(/^-c/, ''))
    .filter((arg) => arg.includes('='))
    .toSorted();
}

/** Lines of a properties file, sorted, but for where a broker can be reached, which is the place's own. */
function propertiesOf(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('advertised.listeners='))
    .toSorted();
}

function without(environment: Readonly<Record<string, string>> = {}, names: RegExp): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !names.test(name)));
}
