import type { Violation } from './contract-violation.error.js';

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params?: object;
}

/** Validator errors as violations: the pointless echo of a closed object is folded, values never appear. */
export function describeErrors(errors: readonly SchemaError[]): Violation[] {
  return errors
    .filter((error) => error.keyword !== 'additionalProperties')
    .map((error) => ({
      path: error.instancePath,
      message: error.keyword === 'boolean' ? 'is not a known field' : error.message,
    }));
}
