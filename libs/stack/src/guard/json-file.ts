import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Writes JSON for this user only; a reader sees the old or the new content, never a part. */
export function writeJson(path: string, value: unknown): void {
  const draft = `${path}.${process.pid}.draft`;
  writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}

/** Content of a JSON file; undefined when there is none or it is broken. */
export function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch {
    return undefined;
  }
}
