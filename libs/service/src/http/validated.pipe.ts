import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { describeErrors } from '@millrace/contracts';
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import type { FieldError } from './problem.js';
import { ProblemError } from './problem.error.js';
import { unsafeText } from './unsafe-text.js';

const MAX_PATH = 200;

/**
 * A pipe that lets through only what satisfies the schema: `@Body(validated(PlaceOrder)) body: PlaceOrder`.
 * Query and path text is converted where the schema wants a number or a boolean. Anything else, and text with NUL
 * characters or lone surrogates, is a 422 problem naming every place.
 */
export function validated<Schema extends TSchema>(schema: Schema): PipeTransform<unknown, Static<Schema>> {
  const validator = Compile(schema);
  return {
    transform(value: unknown, { type }: ArgumentMetadata): Static<Schema> {
      const input = type === 'body' ? value : Value.Convert(schema, value);
      if (!validator.Check(input)) throw invalid(describeErrors(validator.Errors(input)));
      const unsafe = unsafeText(input);
      if (unsafe.length > 0) throw invalid(unsafe);
      return input as Static<Schema>;
    },
  };
}

function invalid(errors: readonly FieldError[]): ProblemError {
  return new ProblemError({
    status: 422,
    code: 'invalid-request',
    title: 'Invalid request',
    detail: 'The request is well formed but not acceptable; errors lists the places.',
    errors: errors.slice(0, 20).map(({ path, message }) => ({ path: path.slice(0, MAX_PATH), message })),
  });
}
