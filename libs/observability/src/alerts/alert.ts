/** How soon somebody must look: `page` now, day and night; `ticket` on the next working day. */
export type Severity = 'page' | 'ticket';

/** An alert: a condition that somebody must act on, and the words that tell what is wrong. */
export interface Alert {
  /** Name in PascalCase, also the heading of its section in the runbook. */
  readonly name: string;
  readonly severity: Severity;
  /** PromQL that yields one series for each thing that is wrong, and nothing while all is well. */
  readonly expr: string;
  /** How long the condition must hold, such as `2m`. @default at once */
  readonly for?: string;
  /** One line; a template that may use `{{ $labels.group }}` and the like, of the labels that `expr` keeps. */
  readonly summary: string;
  /** What it means for orders; the same templates, and `{{ $value | humanize }}`. */
  readonly description: string;
}

/** A series that Prometheus computes ahead, because alerts or dashboards ask for it often or over long ranges. */
export interface Recording {
  /** Name as `level:metric:operations`. */
  readonly record: string;
  readonly expr: string;
}

/** Alerts and recordings of one subject: one rule file and one runbook. */
export interface AlertGroup {
  /** Name of the rule file and of the runbook, without their endings. */
  readonly name: string;
  readonly recordings: readonly Recording[];
  readonly alerts: readonly Alert[];
}
