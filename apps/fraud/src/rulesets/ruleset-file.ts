import { readFileSync } from 'node:fs';
import { ConfigError } from '@millrace/config';
import { describeErrors, type Violation } from '@millrace/contracts';
import { Compile } from 'typebox/compile';
import type { Amounts, RulesetSpec } from '../domain/rules/rule-spec.js';
import { RulesetFrame, ruleSchemas } from './ruleset-file.schema.js';
import { jsonFlaw } from './json-flaw.js';

type NamedAmounts = readonly [name: string, amounts: Amounts];

const frame = Compile(RulesetFrame);
const ruleValidators = Object.fromEntries(
  Object.entries(ruleSchemas).map(([when, schema]) => [when, Compile(schema)]),
);

/**
 * Reads the rule set of a JSON file; throws `ConfigError` naming the variable that led here, the file and every place
 * that is wrong: line and column where it is no JSON, JSON pointers otherwise.
 */
export function readRulesetFile(path: string, variable: string): RulesetSpec {
  const problems = (texts: readonly string[]) =>
    new ConfigError(texts.map((text) => `${variable}: ${path}: ${text}`));
  let text: string;
  let content: unknown;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code = 'not a file' } = error as NodeJS.ErrnoException;
    throw problems([`cannot be read (${code})`]);
  }
  try {
    content = JSON.parse(text);
  } catch {
    throw problems([jsonFlaw(text)]);
  }
  const violations = violationsOf(content);
  if (violations.length > 0)
    throw problems(violations.map(({ path: at, message }) => `${at || '/'} ${message}`));
  return checked(content);
}

/** What the schemas have found to be a rule set. */
function checked(content: unknown): RulesetSpec {
  return content as RulesetSpec;
}

/** Everything that is wrong with a rule set, by JSON pointer; empty when it can judge. */
export function violationsOf(content: unknown): Violation[] {
  if (!frame.Check(content)) return describeErrors(frame.Errors(content));
  const inRules = content.rules.flatMap((rule, index) => {
    const validator = ruleValidators[rule.when];
    if (!validator || validator.Check(rule)) return [];
    return describeErrors(validator.Errors(rule)).map(({ path, message }) => ({
      path: `/rules/${index}${path}`,
      message,
    }));
  });
  return inRules.length > 0 ? inRules : contradictionsOf(checked(content));
}

/** What no schema can say: bands in the wrong order, one name twice, ranges that are empty. */
function contradictionsOf({ bands, rules }: RulesetSpec): Violation[] {
  const found: Violation[] = [];
  if (bands.review >= bands.decline) {
    found.push({ path: '/bands/review', message: 'must be below /bands/decline' });
  }
  rules.forEach((rule, index) => {
    const first = rules.findIndex(({ id }) => id === rule.id);
    if (first !== index) {
      found.push({ path: `/rules/${index}/id`, message: `is the id of /rules/${first} already` });
    }
    found.push(...emptyRanges(rule, `/rules/${index}`));
  });
  return found;
}

/** Currencies in which no amount can lie in a rule's range, or a small order would be a large one. */
function emptyRanges(rule: RulesetSpec['rules'][number], at: string): Violation[] {
  if (rule.when === 'amount') return notAbove(at, ['from', rule.from], ['below', rule.below ?? {}]);
  return rule.when === 'sequence' ? notAbove(at, ['small', rule.small], ['large', rule.large]) : [];
}

function notAbove(at: string, [low, lows]: NamedAmounts, [high, highs]: NamedAmounts): Violation[] {
  return Object.entries(highs)
    .filter(([currency, amount]) => amount <= (lows[currency] ?? -1))
    .map(([currency]) => ({
      path: `${at}/${high}/${currency}`,
      message: `must be above ${at}/${low}/${currency}`,
    }));
}
