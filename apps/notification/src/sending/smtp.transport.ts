import { createTransport, type NodemailerError } from 'nodemailer';
import type { NotificationConfig } from '../notification.config.js';
import { DeliveryError, MailTransport, type OutgoingMail } from './mail-transport.js';

const CONNECTIONS = 8;
const CONNECT_MS = 5_000;

/** Sends over SMTP, on connections that are kept. */
export class SmtpTransport extends MailTransport {
  private readonly pool;

  constructor(private readonly config: Pick<NotificationConfig, 'smtpUrl' | 'from'>) {
    super();
    this.pool = createTransport({
      pool: true,
      url: config.smtpUrl,
      maxConnections: CONNECTIONS,
      // The ledger decides about repetitions, so the pool must not make any by itself.
      maxRequeues: 0,
      maxMessages: Infinity,
      idleTimeout: 30_000,
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      dnsTimeout: CONNECT_MS,
    });
    // Every send reports its own error; an idle connection that breaks concerns nobody.
    this.pool.on('error', () => undefined);
  }

  async send({ id, recipient, subject, body }: OutgoingMail, deadlineMs: number): Promise<void> {
    try {
      await this.pool.sendMail({
        from: this.config.from,
        // As an object the address is never parsed, so it can only ever be one.
        to: { name: '', address: recipient },
        subject,
        text: body,
        messageId: `<${id}@millrace>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
        disableFileAccess: true,
        disableUrlAccess: true,
        signal: AbortSignal.timeout(deadlineMs),
      });
    } catch (error) {
      throw deliveryErrorOf(error as NodemailerError);
    }
  }

  close(): void {
    this.pool.close();
  }
}

/** Codes that speak of the server or the way to it, whatever its answer was. */
const ABOUT_THE_SERVER: ReadonlySet<string | undefined> = new Set([
  'EAUTH',
  'ENOAUTH',
  'EOAUTH2',
  'ETLS',
  'EREQUIRETLS',
  'EPROTOCOL',
  'ECONFIG',
]);

/** Only an absent server keeps its cause: refusals quote addresses, which belong in no log. */
function deliveryErrorOf(error: NodemailerError): DeliveryError {
  const answered = error.responseCode !== undefined && error.command !== 'CONN';
  const about = [error.code ?? error.name, ...(answered ? [String(error.responseCode)] : [])].join(' ');
  if (answered && !ABOUT_THE_SERVER.has(error.code)) {
    return error.permanent
      ? new DeliveryError('rejected', `the mail server refuses the mail: ${about}`)
      : new DeliveryError('deferred', `the mail server asks to try later: ${about}`);
  }
  if (error.code === 'EENVELOPE' || error.code === 'EMESSAGE') {
    return new DeliveryError('rejected', `the mail cannot be sent: ${about}`);
  }
  return new DeliveryError('unreachable', `the mail server is away: ${about}`, { cause: error });
}
