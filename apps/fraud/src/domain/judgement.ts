/** What becomes of an order, from lenient to strict. */
export type Outcome = 'approve' | 'review' | 'decline';

/** A rule that spoke. */
export interface Hit {
  readonly rule: string;
  /** It fired, or it could not tell because data was missing. */
  readonly because: 'fired' | 'missing';
  readonly score: number;
  /** Outcome that it forces at least, whatever the score. */
  readonly atLeast: Outcome;
  /** Outcome that it settles whatever the others say; `decline` passes `approve`. */
  readonly settles?: 'approve' | 'decline';
}

/** What a rule set says of an order. */
export interface Judgement {
  readonly outcome: Outcome;
  /** Sum of the hits' points, 0 to 1000. */
  readonly score: number;
  readonly hits: readonly Hit[];
}
