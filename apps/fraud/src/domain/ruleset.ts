import type { Inputs } from './inputs.js';
import type { Hit, Judgement, Outcome } from './judgement.js';
import { ruleOf } from './rules/predicates.js';
import type { Rule } from './rules/rule.js';
import { RULE_VERSIONS, type Bands, type RulesetSpec, type RuleSpec } from './rules/rule-spec.js';
import { distinctWindows, type ActivityWindow } from './velocity/activity-window.js';

const MAX_SCORE = 1_000;

/** Makes a hexadecimal hash of 12 to 64 digits of a text; pure, and given from outside. */
export type Digest = (text: string) => string;

/** The numbers that a judgement was made with. */
export interface AppliedThresholds {
  readonly bands: Bands;
  /** What each rule that spoke compares with, by its id; of amounts only the order's currency. */
  readonly rules: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Rules that judge together; the same inputs always give the same judgement. */
export class Ruleset {
  /** Digest of a canonical description: changes with every rule, version and threshold. */
  readonly hash: string;
  /** Windows that must be measured for it. */
  readonly windows: readonly ActivityWindow[];
  private readonly rules: readonly Rule[];

  constructor(
    readonly spec: RulesetSpec,
    digest: Digest,
  ) {
    this.hash = digest(canonical(described(spec)));
    this.rules = spec.rules.map(ruleOf);
    this.windows = distinctWindows(this.rules.flatMap(({ windows }) => windows));
  }

  /**
   * Judges one order: what a list settles is settled; otherwise the points of all hits decide the band, and missing
   * data can only make it stricter.
   */
  judge(inputs: Inputs): Judgement {
    const hits = this.rules.flatMap((rule) => hitOf(rule, inputs));
    const score = Math.min(
      MAX_SCORE,
      hits.reduce((sum, hit) => sum + hit.score, 0),
    );
    const outcomes = [band(score, this.spec.bands), ...hits.map((hit) => hit.atLeast)];
    return { outcome: settled(hits) ?? strictest(outcomes), score, hits };
  }

  /** The thresholds behind a judgement of an order in that currency. */
  thresholdsOf({ hits }: Judgement, currency: string): AppliedThresholds {
    const spoke = new Set(hits.map(({ rule }) => rule));
    const rules = this.spec.rules
      .filter(({ id }) => spoke.has(id))
      .map((rule) => [rule.id, comparedWith(rule, currency)] as const);
    return { bands: this.spec.bands, rules: Object.fromEntries(rules) };
  }
}

function hitOf(rule: Rule, inputs: Inputs): Hit[] {
  const { id, score, onMissing, settles } = rule;
  const fires = rule.fires(inputs);
  if (fires) {
    return [{ rule: id, because: 'fired', score, atLeast: 'approve', ...(settles ? { settles } : {}) }];
  }
  if (fires === false || onMissing === 'ignore') return [];
  return [{ rule: id, because: 'missing', score: 0, atLeast: onMissing }];
}

function settled(hits: readonly Hit[]): Outcome | undefined {
  const answers = hits.map(({ settles }) => settles);
  return answers.includes('decline') ? 'decline' : answers.find((answer) => answer !== undefined);
}

function band(score: number, { review, decline }: Bands): Outcome {
  if (score >= decline) return 'decline';
  return score >= review ? 'review' : 'approve';
}

function strictest(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes('decline')) return 'decline';
  return outcomes.includes('review') ? 'review' : 'approve';
}

/** A rule's parameters; a table of amounts is cut down to the currency. */
function comparedWith(rule: RuleSpec, currency: string): Record<string, unknown> {
  const {
    id: _id,
    when: _when,
    score: _score,
    onMissing: _onMissing,
    description: _text,
    ...compared
  } = rule;
  return Object.fromEntries(
    Object.entries(compared).map(([name, value]) => [
      name,
      typeof value === 'object' ? (value as Record<string, number>)[currency] : value,
    ]),
  );
}

/** What the hash covers: neither names of sets nor descriptions change a judgement. */
function described({ bands, rules }: RulesetSpec): object {
  const versioned = rules.map(({ description: _text, ...rule }) => ({
    ...rule,
    version: RULE_VERSIONS[rule.when],
  }));
  return { bands, rules: versioned };
}

/** JSON with the keys of every object sorted, so that equal content has one text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
