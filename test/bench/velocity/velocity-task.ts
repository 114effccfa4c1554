/** What a process that decides is asked for. */
export interface VelocityTask {
  /** Connection string of the fraud service's role. */
  readonly database: string;
  /** Whose orders it decides, one transaction each. */
  readonly customerId: string;
  /** Decisions before the stopwatch runs. */
  readonly warmUp: number;
  /** Decisions that are measured. */
  readonly decisions: number;
}

/** What it measured. */
export interface VelocityMeasure {
  /** Median of the decisions, milliseconds. */
  readonly medianMs: number;
  /** Orders of the customer that the last decision counted. */
  readonly counted: number;
  /** Event time of that decision's order. */
  readonly lastPlacedAt: string;
}
