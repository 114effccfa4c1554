import { readConfig, text } from '@millrace/config';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Variables of the logger. */
export const loggerVariables = {
  LOG_LEVEL: text({ choices: LEVELS, default: 'info', desc: 'least level that is logged' }),
};

/** Reads the least level that is logged; throws `ConfigError` for one that does not exist. */
export function readLogLevel(environment?: NodeJS.ProcessEnv): string {
  return readConfig(loggerVariables, environment).LOG_LEVEL;
}
