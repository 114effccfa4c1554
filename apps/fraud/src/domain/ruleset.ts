import type { Inputs } from './inputs.js';
import type { Hit, Judgement, Outcome } from './judgement.js';
import type { Rule } from './rule.js';
import type { Thresholds } from './thresholds.js';

const MAX_SCORE = 1_000;

/** Makes a hexadecimal hash of 12 to 64 digits of a text; pure, and given from outside. */
export type Digest = (text: string) => string;

/** Rules and thresholds that judge together; the same inputs always give the same judgement. */
export class Ruleset {
  /** Digest of a canonical description: changes with every rule, version and threshold. */
  readonly hash: string;

  constructor(
    private readonly rules: readonly Rule[],
    readonly thresholds: Thresholds,
    digest: Digest,
  ) {
    this.hash = digest(canonical(describe(rules, thresholds)));
  }

  /** Judges one order: the points of all hits decide the band, missing data can only make it stricter. */
  judge(inputs: Inputs): Judgement {
    const hits = this.rules.flatMap((rule) => hitOf(rule, inputs, this.thresholds));
    const score = Math.min(
      MAX_SCORE,
      hits.reduce((sum, hit) => sum + hit.score, 0),
    );
    const outcomes = [band(score, this.thresholds.bands), ...hits.map((hit) => hit.atLeast)];
    return { outcome: strictest(outcomes), score, hits };
  }
}

function hitOf(rule: Rule, inputs: Inputs, thresholds: Thresholds): Hit[] {
  const fires = rule.fires(inputs, thresholds);
  if (fires) return [{ rule: rule.id, because: 'fired', score: rule.score, atLeast: 'approve' }];
  if (fires === false || rule.onMissing === 'ignore') return [];
  return [{ rule: rule.id, because: 'missing', score: 0, atLeast: rule.onMissing }];
}

function band(score: number, { review, decline }: Thresholds['bands']): Outcome {
  if (score >= decline) return 'decline';
  return score >= review ? 'review' : 'approve';
}

function strictest(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes('decline')) return 'decline';
  return outcomes.includes('review') ? 'review' : 'approve';
}

function describe(rules: readonly Rule[], thresholds: Thresholds): object {
  const described = rules.map(({ id, version, description, score, onMissing }) => ({
    id,
    version,
    description,
    score,
    onMissing,
  }));
  return { rules: described, thresholds };
}

/** JSON with the keys of every object sorted, so that equal content has one text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
