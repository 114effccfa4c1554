import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inheritedEnvironment } from '../processes/inherited-environment.js';
import type { ProcessLedger } from '../guard/process-ledger.js';
import { runOnce } from '../processes/run-once.js';
import { StackError } from '../stack.error.js';
import { assertMaven } from './maven.js';

/** Jars that belong together: the pom that names them, below deploy/embedded, and what to call them. */
export interface JarSet {
  readonly pom: string;
  readonly what: string;
  readonly size: string;
}

/** What the stack runs on. */
export const STACK_JARS: JarSet = { pom: 'pom.xml', what: 'Kafka and Debezium', size: '60 MB' };

/** The trace page of a machine without Jaeger. */
export const ZIPKIN_JARS: JarSet = { pom: join('zipkin', 'pom.xml'), what: 'Zipkin', size: '86 MB' };

/** What resolving the jars needs to know. */
export interface JarRequest {
  /** Folder of the checkout; the jars go to its `.millrace/jars`. */
  readonly root: string;
  readonly logFile: string;
  readonly onProgress: (step: string) => void;
}

/**
 * Folder with the jars of the set, resolved by Maven when its pom was never resolved here.
 * Throws `StackError` MAVEN when Maven is missing and JARS when a jar cannot be had.
 */
export async function jarFolder(set: JarSet, request: JarRequest, ledger: ProcessLedger): Promise<string> {
  const pom = join(request.root, 'deploy', 'embedded', set.pom);
  const hash = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 16);
  const folder = join(request.root, '.millrace', 'jars', hash);
  if (existsSync(folder)) return folder;
  await assertMaven(set.what);
  const draft = `${folder}.${process.pid}.new`;
  const repository = `${folder}.${process.pid}.repository`;
  const ticker = setInterval(
    () => request.onProgress(`fetching ${set.what}: ${countFiles(repository, '.jar', '.pom')} files so far`),
    2_000,
  );
  try {
    mkdirSync(draft, { recursive: true });
    request.onProgress(`fetching ${set.what} (about ${set.size}, once)`);
    await copyDependencies({ ...set, pom, draft, repository }, request, ledger);
    settle(draft, folder);
    request.onProgress(`jars of ${set.what}: ${countFiles(folder, '.jar')} in place`);
    return folder;
  } finally {
    clearInterval(ticker);
    for (const path of [draft, repository]) rmSync(path, { recursive: true, force: true });
  }
}

async function copyDependencies(
  paths: JarSet & { draft: string; repository: string },
  request: JarRequest,
  ledger: ProcessLedger,
): Promise<void> {
  const launch = {
    file: 'mvn',
    args: [
      // Batch, quiet, and a jar whose checksum is wrong is an error.
      ...['-B', '-q', '-C', '-f', paths.pom],
      'dependency:copy-dependencies',
      '-DincludeScope=runtime',
      `-DoutputDirectory=${paths.draft}`,
      `-Dmaven.repo.local=${paths.repository}`,
    ],
    env: inheritedEnvironment(process.env, ['M2_HOME', 'MAVEN_']),
    cwd: request.root,
  };
  const sentence = `Maven could not fetch the jars of ${paths.what}: check the network (or Maven's settings.xml) and run the command again; read ${request.logFile}.`;
  const shot = { name: 'mvn', launch, logFile: request.logFile, withinMs: 900_000 };
  await runOnce({ ...shot, failure: { code: 'JARS', sentence } }, ledger);
}

/** Another start may have finished first; its jars are as good. */
function settle(draft: string, folder: string): void {
  try {
    renameSync(draft, folder);
  } catch (error) {
    if (!existsSync(folder))
      throw new StackError('JARS', `The jars cannot be put into ${folder}: ${String(error)}.`);
  }
}

function countFiles(folder: string, ...ends: readonly string[]): number {
  if (!existsSync(folder)) return 0;
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => ends.some((end) => name.endsWith(end))).length;
}
