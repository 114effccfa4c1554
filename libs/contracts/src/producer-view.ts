import { Compile } from 'typebox/compile';
import { ContractViolationError } from './contract-violation.error.js';
import type { EventData, EventDefinition } from './event-definition.js';
import { describeErrors } from './violations.js';

const validators = new WeakMap<EventDefinition, ReturnType<typeof Compile>>();

function validatorOf(definition: EventDefinition): ReturnType<typeof Compile> {
  let validator = validators.get(definition);
  if (!validator) {
    validator = Compile(definition.schema);
    validators.set(definition, validator);
  }
  return validator;
}

/**
 * Checks a payload against the closed, strict view of its contract, so that poison cannot enter the log.
 * Throws `ContractViolationError` naming every place.
 */
export function assertProducible<Definition extends EventDefinition>(
  definition: Definition,
  data: unknown,
): asserts data is EventData<Definition> {
  const validator = validatorOf(definition);
  if (!validator.Check(data)) {
    throw new ContractViolationError(definition.type, describeErrors(validator.Errors(data)));
  }
}

/** The payload's text as it enters the outbox and, byte for byte, the log; checks it first. */
export function encodeEvent<Definition extends EventDefinition>(
  definition: Definition,
  data: EventData<Definition>,
): string {
  assertProducible(definition, data);
  return JSON.stringify(data);
}
