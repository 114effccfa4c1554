/** An alert as it must fire: its labels, but for its severity, and how its words tell the value. */
export interface Firing {
  readonly labels: Readonly<Record<string, string>>;
  /** What stands for `$value` in the description. */
  readonly value?: string;
}

/** Series over time, and what an alert must make of them. */
export interface AlertCase {
  readonly alert: string;
  /** What is going on, as the end of the sentence "it fires when …" or "it stays silent when …". */
  readonly when: string;
  /** Series in promtool's notation → their values, a minute apart. */
  readonly series: Readonly<Record<string, string>>;
  /** When to look, such as `10m`. */
  readonly at: string;
  /** What fires then; nothing when it must stay silent. */
  readonly firing: readonly Firing[];
}

type Series = AlertCase['series'];

/** The cases of one alert, one after the other. */
export class AlertCases {
  readonly cases: AlertCase[] = [];

  constructor(private readonly alert: string) {}

  /** It fires at that time, once for each. */
  fires(when: string, at: string, series: Series, ...firing: readonly Firing[]): this {
    this.cases.push({ alert: this.alert, when, at, series, firing });
    return this;
  }

  /** It does not fire at that time. */
  isSilent(when: string, at: string, series: Series): this {
    this.cases.push({ alert: this.alert, when, at, series, firing: [] });
    return this;
  }
}
