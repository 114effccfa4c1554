import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FleetSecrets } from './fleet-secrets.js';

const KNOWN = 'setup/secrets.json';
/** Each reader has another user, and only its own folder: whoever can open the file may read it. */
const READABLE = 0o444;

/** Reads the secrets that an earlier run noted in the folder; empty the first time. Throws when the note is broken. */
export async function readKnownSecrets(folder: string): Promise<Partial<FleetSecrets>> {
  const text = await readFile(join(folder, KNOWN), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  return JSON.parse(text) as Partial<FleetSecrets>;
}

/** Notes the secrets, before any file that is made of them: a run that breaks off is continued by the next. */
export function noteSecrets(folder: string, secrets: FleetSecrets): Promise<void> {
  return put(join(folder, KNOWN), JSON.stringify(secrets), 0o400);
}

/** Writes the files, each as a whole; resolves when all are there. */
export async function writeSecretFiles(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const [path, content] of files) await put(join(folder, path), `${content}\n`, READABLE);
}

async function put(path: string, content: string, mode: number): Promise<void> {
  const draft = `${path}.new`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(draft, content, { mode });
  await rename(draft, path);
}
