/** The environment does not hold what a program needs; the message names every variable and what it must be. */
export class ConfigError extends Error {
  readonly code = 'CONFIG';

  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}
