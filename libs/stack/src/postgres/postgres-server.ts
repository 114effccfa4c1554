import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandOf } from '../guard/process-identity.js';
import type { ProcessLedger } from '../guard/process-ledger.js';
import type { ProcessSpec } from '../processes/process-spec.js';
import { runOnce } from '../processes/run-once.js';
import { answers } from './admin-database.js';
import { postgresAccount, type PostgresAccount } from './postgres-account.js';
import { type PostgresBinaries, postgresBinaries } from './postgres-binaries.js';
import { postgresSettings, settingArguments } from './postgres-settings.js';

/** Where an embedded Postgres keeps its data and its log, and how it is reached. */
export interface PostgresPlace {
  readonly dataFolder: string;
  readonly logFile: string;
  readonly port: number;
  /** Password of the superuser `postgres`; used when the data is made. */
  readonly password: string;
  /** URL of the superuser to a database that always exists. */
  readonly url: string;
}

/** Makes the data directory when there is none, and returns how to run the server on it. */
export async function postgresServer(place: PostgresPlace, ledger: ProcessLedger): Promise<ProcessSpec> {
  const binaries = await postgresBinaries();
  const account = postgresAccount(binaries.postgres);
  if (!existsSync(place.dataFolder)) await initialise(place, binaries, account, ledger);
  const args = ['-D', place.dataFolder, '-p', String(place.port), ...settingArguments(postgresSettings)];
  return {
    name: 'postgres',
    launch: () => {
      dropStalePidFile(place.dataFolder);
      return account.as({ file: binaries.postgres, args, env: {}, cwd: place.dataFolder });
    },
    probe: () => answers(place.url),
    // Fast shutdown waits for the capture to confirm what it was sent; when it does not, recovery redoes the rest.
    stopSteps: [
      { signal: 'SIGINT', graceMs: 5_000 },
      { signal: 'SIGQUIT', graceMs: 3_000 },
    ],
    logFile: place.logFile,
    readyWithinMs: 120_000,
  };
}

async function initialise(
  place: PostgresPlace,
  binaries: PostgresBinaries,
  account: PostgresAccount,
  ledger: ProcessLedger,
): Promise<void> {
  const draft = `${place.dataFolder}.new`;
  const passwordFile = `${place.dataFolder}.password`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, place.password, { mode: 0o600 });
  for (const path of [draft, passwordFile])
    if (account.owner) chownSync(path, account.owner.uid, account.owner.gid);
  const args = ['-D', draft, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const launch = account.as({
    file: binaries.initdb,
    args: [...args, '--encoding=UTF8', '--locale=C'],
    env: {},
    cwd: draft,
  });
  try {
    await runOnce({ name: 'initdb', launch, logFile: place.logFile, withinMs: 120_000 }, ledger);
    // An interrupted initdb leaves a folder that looks like data: only a finished one gets the name.
    renameSync(draft, place.dataFolder);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** After a crash the pid in postmaster.pid may belong to a stranger, for which Postgres would refuse to start. */
function dropStalePidFile(dataFolder: string): void {
  const file = join(dataFolder, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  if (!commandOf(pid).includes(dataFolder)) rmSync(file, { force: true });
}
