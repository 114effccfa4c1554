import { ConfigError, readConfig, text, url } from '@millrace/config';
import { isMailAddress } from './domain/mail-address.js';

/** Variables of the notification service. */
export const notificationVariables = {
  SMTP_URL: url({ desc: 'mail server', example: 'smtp://127.0.0.1:1025' }),
  MAIL_FROM: text({ default: 'orders@example.com', desc: 'address that mails come from' }),
  MAIL_FALLBACK_DOMAIN: text({
    default: 'example.com',
    desc: 'domain of the addresses made for customers who gave none',
  }),
};

/** What the notification service reads from its environment beyond what every service does. */
export class NotificationConfig {
  constructor(
    /** Mail server, `smtp://` or `smtps://`, with user and password if it wants them. */
    readonly smtpUrl: string,
    /** Address that mails come from. */
    readonly from: string,
    /** Domain of the addresses made for customers who gave none. */
    readonly fallbackDomain: string,
  ) {}
}

/** Reads the configuration; throws `ConfigError` naming what is missing or malformed. */
export function readNotificationConfig(environment?: NodeJS.ProcessEnv): NotificationConfig {
  const { SMTP_URL, MAIL_FROM, MAIL_FALLBACK_DOMAIN } = readConfig(notificationVariables, environment);
  const problems: string[] = [];
  if (!/^smtps?:\/\//.test(SMTP_URL)) problems.push('SMTP_URL: must begin with smtp:// or smtps://');
  if (!isMailAddress(MAIL_FROM)) problems.push('MAIL_FROM: must be a mail address without a name');
  if (!isMailAddress(`customer@${MAIL_FALLBACK_DOMAIN}`)) {
    problems.push('MAIL_FALLBACK_DOMAIN: must be a domain name');
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return new NotificationConfig(SMTP_URL, MAIL_FROM, MAIL_FALLBACK_DOMAIN);
}
