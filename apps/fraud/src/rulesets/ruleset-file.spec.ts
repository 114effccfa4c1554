import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '@millrace/config';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { defaultRuleset } from '../domain/rules/default-rules.js';
import { readThresholds } from '../fraud.config.js';
import { liveRuleset, readRulesets } from './read-rulesets.js';
import { readRulesetFile, violationsOf } from './ruleset-file.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rules-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(text: string): string {
  const path = join(folder, 'rules.json');
  writeFileSync(path, text);
  return path;
}

const rule = {
  id: 'a.b',
  when: 'count',
  per: 'card',
  withinMs: 60_000,
  limit: 3,
  score: 1,
  onMissing: 'ignore',
};
const amount = { id: 'a.a', when: 'amount', from: { EUR: 5 }, score: 1, onMissing: 'ignore' };
const set = { name: 'candidate', bands: { review: 300, decline: 700 }, rules: [rule] };

describe('a rule file', () => {
  it('can state whatever the code can, with the same hash', () => {
    const spec = defaultRuleset(readThresholds({}));
    const path = file(JSON.stringify(spec));
    expect(readRulesetFile(path, 'X')).toEqual(spec);
    expect(liveRuleset({ FRAUD_RULESET_FILE: path }).hash).toBe(liveRuleset({}).hash);
  });

  it.each<[string, object, string]>([
    ['an unknown field', { ...set, rulez: [] }, '/rulez'],
    ['bands in the wrong order', { ...set, bands: { review: 700, decline: 700 } }, '/bands/review'],
    ['a kind of rule that does not exist', { ...set, rules: [rule, { when: 'moon' }] }, '/rules/1/when'],
    ['a missing field', { ...set, rules: [{ ...rule, limit: undefined }] }, '/rules/0'],
    ['a limit of the wrong type', { ...set, rules: [rule, { ...rule, limit: '3' }] }, '/rules/1/limit'],
    ['a window below a minute', { ...set, rules: [{ ...rule, withinMs: 59_999 }] }, '/rules/0/withinMs'],
    ['a field of another kind', { ...set, rules: [{ ...rule, small: {} }] }, '/rules/0/small'],
    ['one name twice', { ...set, rules: [rule, rule] }, '/rules/1/id'],
    [
      'a distinct limit that cannot be told',
      { ...set, rules: [{ ...rule, when: 'distinct', limit: 64 }] },
      '/rules/0/limit',
    ],
    ['an empty range', { ...set, rules: [{ ...amount, below: { EUR: 5 } }] }, '/rules/0/below/EUR'],
    ['no currency', { ...set, rules: [{ ...amount, from: { euro: 5 } }] }, '/rules/0/from'],
  ])('with %s is refused with the place', (_what, content, place) => {
    const found = violationsOf(JSON.parse(JSON.stringify(content))).map(({ path }) => path);
    expect(found.some((path) => path.startsWith(place))).toBe(true);
  });

  it('may be the one that the documentation shows', () => {
    const text = readFileSync(new URL('../../../../docs/fraud-rules.md', import.meta.url), 'utf8');
    const shown = /```json\n(.*?)```/s.exec(text)?.[1] ?? '';
    expect(readRulesetFile(file(shown), 'X').rules).toHaveLength(6);
  });

  it('that is no JSON is refused with line and column', () => {
    const path = file('{\n  "name": "x",\n  "bands": oops\n}');
    expect(() => readRulesetFile(path, 'FRAUD_RULESET_FILE')).toThrow(/rules\.json: line 3, column 12/);
  });

  it('that ends too early is refused with its end', () => {
    expect(() => readRulesetFile(file('{\n"name": '), 'X')).toThrow(/line 2, column 9/);
  });

  it('that is not there, and one that is wrong, name the variable that led to it', () => {
    const shadow = { FRAUD_SHADOW_RULESET_FILE: join(folder, 'none.json') };
    expect(() => readRulesets(shadow)).toThrow(ConfigError);
    expect(() => readRulesets(shadow)).toThrow(
      /FRAUD_SHADOW_RULESET_FILE: .*none\.json: cannot be read \(ENOENT\)/,
    );
    const live = { FRAUD_RULESET_FILE: file(JSON.stringify({ ...set, rules: [rule, rule] })) };
    expect(() => readRulesets(live)).toThrow(/FRAUD_RULESET_FILE: .*rules\.json: \/rules\/1\/id/);
  });
});
