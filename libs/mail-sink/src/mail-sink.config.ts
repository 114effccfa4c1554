import { port, readConfig, text, type ConfigOf } from '@millrace/config';

/** Variables of the mail sink. */
export const mailSinkVariables = {
  HOST: text({ default: '127.0.0.1', desc: 'address to listen on' }),
  PORT: port({ default: 18_025, desc: 'port of the inbox over HTTP' }),
  SMTP_PORT: port({ default: 1_025, desc: 'port that takes mails' }),
};

/** Reads the configuration; throws `ConfigError` naming every variable that is malformed. */
export function readMailSinkConfig(environment?: NodeJS.ProcessEnv): ConfigOf<typeof mailSinkVariables> {
  return readConfig(mailSinkVariables, environment);
}
