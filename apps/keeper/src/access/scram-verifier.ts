import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';

const ITERATIONS = 4_096;
const KEY_BYTES = 32;
const SHAPE = /^SCRAM-SHA-256\$(?<iterations>\d+):(?<salt>[^$]+)\$(?<stored>[^:]+):(?<server>.+)$/;

/**
 * What Postgres stores instead of a password (RFC 5803, `SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey`). Setting
 * this and not the password keeps the password out of the server's statement log.
 */
export function scramVerifier(
  password: string,
  salt: Buffer = randomBytes(16),
  iterations: number = ITERATIONS,
): string {
  const salted = pbkdf2Sync(password, salt, iterations, KEY_BYTES, 'sha256');
  const stored = createHash('sha256').update(hmac(salted, 'Client Key')).digest('base64');
  const server = hmac(salted, 'Server Key').toString('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${server}`;
}

/** Whether a stored verifier is of that password; false for any other form, which is then replaced. */
export function verifies(verifier: string | null, password: string): boolean {
  const parts = verifier?.match(SHAPE)?.groups;
  if (!verifier || !parts?.['salt']) return false;
  const expected = scramVerifier(password, Buffer.from(parts['salt'], 'base64'), Number(parts['iterations']));
  return expected.length === verifier.length && timingSafeEqual(Buffer.from(expected), Buffer.from(verifier));
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
