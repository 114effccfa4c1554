import { ContractViolationError } from '@millrace/contracts';

/** Postgres: data exceptions, integrity constraints, program limits. */
const OF_THE_DATA = /^(22|23|54)...$/;

/**
 * True for an error that lies in what was to be written, so that writing less of it may succeed. Any other one, known or
 * not, would meet every order alike.
 */
export function isPoison(error: unknown): boolean {
  if (error instanceof ContractViolationError) return true;
  if (!(error instanceof Error)) return false;
  const { code, driverError } = error as Error & { code?: unknown; driverError?: unknown };
  if (typeof code === 'string' && OF_THE_DATA.test(code)) return true;
  return driverError !== error && isPoison(driverError);
}
