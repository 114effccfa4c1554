import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Launch } from '../processes/launch.js';
import { StackError } from '../stack.error.js';

/** Who runs Postgres, which refuses to be root. */
export interface PostgresAccount {
  /** Owner that the data directory needs; undefined means the user of this process. */
  readonly owner?: { readonly uid: number; readonly gid: number };
  /** Turns a command into one that runs as that user. */
  as(launch: Launch): Launch;
}

// The checkout may lie below a folder that only root may enter (mktemp -d makes such): these two capabilities let the
// other user pass, and without the secure bit access(2), which Postgres uses on its own binary, would ignore them.
const PASS = ['--securebits=+no_setuid_fixup', '--inh-caps=-all,+dac_override,+dac_read_search'];
const KEEP = ['--ambient-caps=-all,+dac_override,+dac_read_search', '--no-new-privs'];

/** Finds a way to run this Postgres binary; throws `StackError` PLATFORM when root has none. */
export function postgresAccount(binary: string): PostgresAccount {
  if (process.getuid?.() !== 0) return { as: (launch) => launch };
  const owner = unprivilegedUser(readFileSync('/etc/passwd', 'utf8'));
  if (owner) {
    const ways = [throughSetpriv(owner), throughSpawn(owner)];
    const way = ways.find((as) => runs(as({ file: binary, args: ['--version'], env: {}, cwd: '/' })));
    if (way) return { owner, as: way };
  }
  throw new StackError(
    'PLATFORM',
    'Postgres refuses to run as root and no other user can enter this folder: run the command as an ordinary user, or install setpriv (package util-linux).',
  );
}

/** uid and gid of `postgres`, else of `nobody`, in the text of /etc/passwd. */
export function unprivilegedUser(passwd: string): { uid: number; gid: number } | undefined {
  const rows = passwd.split('\n').map((row) => row.split(':'));
  const row = rows.find(([name]) => name === 'postgres') ?? rows.find(([name]) => name === 'nobody');
  return row && { uid: Number(row[2]), gid: Number(row[3]) };
}

function throughSetpriv(owner: { uid: number; gid: number }): PostgresAccount['as'] {
  const user = [`--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups'];
  return (launch) => ({
    ...launch,
    file: 'setpriv',
    args: [...user, ...PASS, ...KEEP, '--', launch.file, ...launch.args],
    env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', ...launch.env },
  });
}

function throughSpawn(owner: { uid: number; gid: number }): PostgresAccount['as'] {
  return (launch) => ({ ...launch, ...owner });
}

function runs(launch: Launch): boolean {
  const { uid, gid } = launch;
  const user = uid === undefined || gid === undefined ? {} : { uid, gid };
  return spawnSync(launch.file, [...launch.args], { ...user, env: { ...launch.env }, cwd: '/' }).status === 0;
}
