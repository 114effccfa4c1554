import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

/** A mail as the server took it. */
export interface TakenMail {
  readonly to: string[];
  readonly messageId: string;
  /** Headers and body as they came. */
  readonly raw: string;
}

/** A real SMTP server for tests, on a port of its own that it keeps across `stop` and `start`. */
export class TestSmtpServer {
  /** Every mail taken, in order. */
  readonly taken: TakenMail[] = [];
  /** Called with each mail before it is acknowledged; a promise delays the answer, an error becomes it. */
  onMail: (mail: TakenMail) => Promise<void> | void = () => undefined;
  /** Called with each recipient; an error with a `responseCode` is the answer. */
  onRecipient: (address: string) => void = () => undefined;
  private server: SMTPServer | undefined;
  private port = 0;

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const server = new SMTPServer({
      authOptional: true,
      // Connections that clients keep open are cut, as by a crash.
      closeTimeout: 50,
      disabledCommands: ['STARTTLS'],
      disableReverseLookup: true,
      onRcptTo: ({ address }, _session, done) => void settle(() => this.onRecipient(address), done),
      onData: (stream, session, done) =>
        void settle(async () => {
          const raw = await text(stream);
          const messageId = /^Message-ID: (.+)\r$/im.exec(raw)?.[1] ?? '';
          const mail = { to: session.envelope.rcptTo.map(({ address }) => address), messageId, raw };
          await this.onMail(mail);
          this.taken.push(mail);
        }, done),
    });
    // Clients that a test kills are no concern of the server's.
    server.on('error', () => undefined);
    const listening = once(server.listen(this.port, '127.0.0.1'), 'listening');
    await listening;
    this.port = (server.server.address() as AddressInfo).port;
    this.server = server;
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server) await new Promise<void>((resolve) => server.close(resolve));
  }
}

/** An SMTP answer of that code. */
export function answer(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

async function settle(work: () => Promise<void> | void, done: (error?: Error | null) => void): Promise<void> {
  try {
    await work();
  } catch (error) {
    return done(error instanceof Error ? error : new Error(String(error)));
  }
  done();
}
