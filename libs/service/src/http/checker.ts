import { describeErrors } from '@millrace/contracts';
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { FieldError } from './problem.js';
import { unsafeText } from './unsafe-text.js';

const MAX_ERRORS = 20;
const MAX_PATH = 200;

/** What a check found: the value as the schema has it, or every place that is not acceptable, at most twenty. */
export type Check<Schema extends TSchema> =
  | { readonly value: Static<Schema>; readonly errors?: undefined }
  | { readonly errors: readonly FieldError[] };

/** A function that checks input against the schema and for text that nobody can keep (NUL, lone surrogates). */
export function checker<Schema extends TSchema>(schema: Schema): (input: unknown) => Check<Schema> {
  const validator = Compile(schema);
  return (input) => {
    const fits = validator.Check(input);
    const errors = fits ? unsafeText(input) : describeErrors(validator.Errors(input));
    if (fits && errors.length === 0) return { value: input as Static<Schema> };
    return {
      errors: errors
        .slice(0, MAX_ERRORS)
        .map(({ path, message }) => ({ path: path.slice(0, MAX_PATH), message })),
    };
  };
}
