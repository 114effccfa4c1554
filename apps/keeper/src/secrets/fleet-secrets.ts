import { randomBytes } from 'node:crypto';

/** Every password of one installation. */
export interface FleetSecrets {
  /** Password of the superuser `postgres`. */
  readonly superuser: string;
  /** Login role → password. */
  readonly roles: Readonly<Record<string, string>>;
  /** What the fraud service hashes customers, cards and addresses with; a new one forgets all activity. */
  readonly fraudKey: string;
}

/** The known secrets and a new one for each that is missing; a known one never changes. */
export function completeSecrets(
  known: Partial<FleetSecrets>,
  roles: readonly string[],
  draw: () => string = password,
): FleetSecrets {
  return {
    superuser: known.superuser ?? draw(),
    roles: {
      ...known.roles,
      ...Object.fromEntries(roles.map((role) => [role, known.roles?.[role] ?? draw()])),
    },
    fraudKey: known.fraudKey ?? draw(),
  };
}

/** 144 random bits in characters that need no escape, neither in a URL nor in a shell. */
function password(): string {
  return randomBytes(18).toString('base64url');
}
