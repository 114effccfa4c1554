import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '@millrace/config';
import { readNotificationConfig } from './notification.config.js';

describe('readNotificationConfig', () => {
  it('needs only the mail server', () => {
    expect(readNotificationConfig({ SMTP_URL: 'smtp://127.0.0.1:1025' })).toEqual({
      smtpUrl: 'smtp://127.0.0.1:1025',
      from: 'orders@example.com',
      fallbackDomain: 'example.com',
    });
  });

  it('refuses what is missing or malformed and names it', () => {
    expect(() => readNotificationConfig({})).toThrow(/SMTP_URL.*mail server/);
    const malformed = {
      SMTP_URL: 'http://127.0.0.1:1025',
      MAIL_FROM: 'Shop <a@b.c>',
      MAIL_FALLBACK_DOMAIN: 'x y',
    };
    expect(() => readNotificationConfig(malformed)).toThrow(ConfigError);
    expect(() => readNotificationConfig(malformed)).toThrow(/SMTP_URL.*MAIL_FROM.*MAIL_FALLBACK_DOMAIN/s);
  });
});
