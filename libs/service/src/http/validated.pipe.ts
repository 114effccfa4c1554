import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { checker } from './checker.js';
import { ProblemError } from './problem.error.js';

/**
 * A pipe that lets through only what satisfies the schema: `@Body(validated(PlaceOrder)) body: PlaceOrder`.
 * Query and path text is converted where the schema wants a number or a boolean. Anything else, and text with NUL
 * characters or lone surrogates, is a 422 problem naming every place.
 */
export function validated<Schema extends TSchema>(schema: Schema): PipeTransform<unknown, Static<Schema>> {
  const check = checker(schema);
  return {
    transform(value: unknown, { type }: ArgumentMetadata): Static<Schema> {
      const checked = check(type === 'body' ? value : Value.Convert(schema, value));
      if (!checked.errors) return checked.value;
      throw new ProblemError({
        status: 422,
        code: 'invalid-request',
        title: 'Invalid request',
        detail: 'The request is well formed but not acceptable; errors lists the places.',
        errors: checked.errors,
      });
    },
  };
}
