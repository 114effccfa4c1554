import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { ROOT, workspaces } from './repository.js';

/** Folders of a workspace that are built or installed, hence not copied. */
const MADE = new Set(['dist', 'node_modules']);

/**
 * Copies the sources of all workspaces into a new temporary folder, so that a probe never touches the checkout.
 * Packages are linked to the installed ones, except our own, which are the copies.
 */
export function copyTree(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'millrace-architecture-')));
  for (const workspace of workspaces()) {
    cpSync(join(ROOT, workspace), join(folder, workspace), {
      recursive: true,
      filter: (path) => !MADE.has(basename(path)),
    });
  }
  cpSync(join(ROOT, 'tsconfig.base.json'), join(folder, 'tsconfig.base.json'));
  cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  linkPackages(folder);
  return folder;
}

/** Writes a file of the copy, with its folders. */
export function writeProbe(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function linkPackages(folder: string): void {
  mkdirSync(join(folder, 'node_modules/@millrace'), { recursive: true });
  const installed = readdirSync(join(ROOT, 'node_modules')).filter(
    (name) => !name.startsWith('.') && name !== '@millrace',
  );
  for (const name of installed)
    symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
  for (const workspace of workspaces()) {
    symlinkSync(join(folder, workspace), join(folder, 'node_modules/@millrace', basename(workspace)));
  }
}
