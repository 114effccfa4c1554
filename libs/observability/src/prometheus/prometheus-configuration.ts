/** Where Prometheus finds what it needs; relative paths count from its configuration file. */
export interface PrometheusFiles {
  /** Pattern of the rule files. */
  readonly rules: string;
  /** File that names the targets, in the format of Prometheus' file discovery, with a label `job` for each. */
  readonly targets: string;
}

/** What Prometheus must be told to watch a fleet: every few seconds whatever the file of targets names. */
export function prometheusConfiguration({ rules, targets }: PrometheusFiles): object {
  return {
    global: { scrape_interval: '5s', scrape_timeout: '4s', evaluation_interval: '5s' },
    rule_files: [rules],
    scrape_configs: [
      { job_name: 'millrace', file_sd_configs: [{ files: [targets], refresh_interval: '5s' }] },
    ],
  };
}
