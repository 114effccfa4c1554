import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the checkout that this build lies in, four levels above libs/stack/dist/bin. */
export function checkoutRoot(): string {
  return resolve(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..');
}
