import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { Client } from 'pg';

/** The machine as far as numbers depend on it; nothing that names it. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
}

/** Versions of what was measured. */
export type Versions = Readonly<Record<string, string>>;

const GIB = 2 ** 30;
const LIBRARIES = ['kafkajs', 'pg', 'typeorm', '@nestjs/core'] as const;

/** The machine that this process runs on. */
export function thisMachine(): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryGiB: Math.round(totalmem() / GIB),
    system: `${type()} ${release()}`,
  };
}

/** Mean number of busy or waiting processes over the last minute. */
export function loadNow(): number {
  return loadavg()[0] ?? 0;
}

/** Versions of the runtime, the servers, the libraries and the checkout. */
export async function versionsOf(root: string, postgres: string): Promise<Versions> {
  const libraries = LIBRARIES.map((name) => [name, libraryVersion(root, name)] as const);
  return {
    commit: commitOf(root),
    node: process.versions.node,
    postgres: await postgresVersion(postgres),
    kafka: kafkaVersion(root),
    ...Object.fromEntries(libraries),
  };
}

function libraryVersion(root: string, name: string): string {
  const manifest = readFileSync(`${root}/node_modules/${name}/package.json`, 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

/** Short commit, with a mark when the checkout differs from it; `unknown` without git. */
function commitOf(root: string): string {
  try {
    const options = { cwd: root, encoding: 'utf8', stdio: 'pipe' } as const;
    return execFileSync('git', ['describe', '--always', '--dirty', '--exclude', '*'], options).trim();
  } catch {
    return 'unknown';
  }
}

function kafkaVersion(root: string): string {
  const pom = readFileSync(`${root}/deploy/embedded/pom.xml`, 'utf8');
  return /<kafka\.version>([^<]+)</.exec(pom)?.[1] ?? 'unknown';
}

async function postgresVersion(url: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return rows[0]?.server_version ?? 'unknown';
  } finally {
    await client.end();
  }
}
