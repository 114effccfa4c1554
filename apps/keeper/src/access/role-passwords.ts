import { readFile } from 'node:fs/promises';

/** Passwords by role name. */
export type RolePasswords = ReadonlyMap<string, string>;

/** The passwords of the roles cannot be used; the message names the roles and never a password. */
export class RolePasswordsError extends Error {
  readonly code = 'ROLE_PASSWORDS';

  constructor(problem: string) {
    super(
      `${problem}. ROLE_PASSWORDS_FILE must be a JSON object with a password for every login role of the fleet.`,
    );
    this.name = 'RolePasswordsError';
  }
}

// the server normalises other characters before it hashes them (SASLprep); these stay as they are
const PRINTABLE_ASCII = /^[\x20-\x7e]+$/;

/**
 * Reads the passwords of these roles from a JSON object file; what it says about other roles is ignored. Throws
 * `RolePasswordsError` naming every role without a usable one.
 */
export async function readRolePasswords(path: string, roles: readonly string[]): Promise<RolePasswords> {
  const file = await readFile(path, 'utf8').catch(() => {
    throw new RolePasswordsError(`The file of role passwords cannot be read (${path})`);
  });
  return passwordsOf(parsed(file, path), roles);
}

function parsed(file: string, path: string): object {
  try {
    const value: unknown = JSON.parse(file);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // the parser's own message quotes the text, which holds passwords
  }
  throw new RolePasswordsError(`The file of role passwords is no JSON object (${path})`);
}

function passwordsOf(file: object, roles: readonly string[]): RolePasswords {
  const given = new Map<string, unknown>(Object.entries(file));
  const usable = new Map<string, string>();
  for (const role of roles) {
    const password = given.get(role);
    if (typeof password === 'string' && PRINTABLE_ASCII.test(password)) usable.set(role, password);
  }
  const lacking = roles.filter((role) => !usable.has(role));
  if (lacking.length > 0)
    throw new RolePasswordsError(`No password of printable ASCII for ${lacking.join(', ')}`);
  return usable;
}
