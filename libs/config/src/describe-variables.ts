import { bool, port, str, url } from 'envalid';
import {
  brokerList,
  milliseconds,
  positiveInteger,
  postgresUrl,
  urlsByName,
  wholeNumber,
} from './variables.js';

/** A variable as a reference page shows it. */
export interface VariableDescription {
  readonly name: string;
  /** What a value must be, in words. */
  readonly type: string;
  /** True when a program does not start without it. */
  readonly required: boolean;
  /** Value that an unset variable has, as it would be written; unset where there is none. */
  readonly default?: string;
  readonly description?: string;
  readonly example?: string;
}

/** Variables that are read together, as `readConfig` takes them. */
export type VariableDeclaration = Readonly<Record<string, DeclaredVariable>>;

/** What a declared variable tells of itself. */
export interface DeclaredVariable {
  readonly _parse: (input: string) => unknown;
  readonly default?: unknown;
  readonly desc?: string;
  readonly example?: string;
  readonly choices?: readonly unknown[];
}

/** A parser belongs to all variables of its type. */
const TYPES = new Map<DeclaredVariable['_parse'], string>([
  [str()._parse, 'text'],
  [bool()._parse, '`true` or `false`'],
  [port()._parse, 'port'],
  [url()._parse, 'URL'],
  [postgresUrl()._parse, '`postgres://` URL'],
  [brokerList()._parse, 'list of `host:port`'],
  [milliseconds()._parse, 'milliseconds'],
  [positiveInteger()._parse, 'whole number, 1 or more'],
  [urlsByName()._parse, 'list of `name=URL`'],
  [wholeNumber()._parse, 'whole number, 0 or more'],
  [urlsByName()._parse, 'list of `name=URL`'],
]);

/** Describes declared variables, in their order; throws `RangeError` for one whose type has no words here. */
export function describeVariables(declaration: VariableDeclaration): readonly VariableDescription[] {
  return Object.entries(declaration).map(([name, spec]) => ({
    name,
    type: typeOf(name, spec),
    required: !('default' in spec),
    ...shownDefault(spec.default),
    ...(spec.desc === undefined ? {} : { description: spec.desc }),
    ...(spec.example === undefined ? {} : { example: spec.example }),
  }));
}

function typeOf(name: string, { _parse: parse, choices }: DeclaredVariable): string {
  if (choices) return choices.map((choice) => `\`${String(choice)}\``).join(', ');
  const type = TYPES.get(parse);
  if (type === undefined)
    throw new RangeError(`${name} has a type without words: add it to describe-variables.ts`);
  return type;
}

/** Where unset means nothing (an empty text, list or map) there is nothing to show. */
function shownDefault(value: unknown): { default?: string } {
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isPlain && value !== '' ? { default: String(value) } : {};
}
