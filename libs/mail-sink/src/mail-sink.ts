import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { MailStore } from './mail-store.js';

const LARGEST_MAIL_BYTES = 1_000_000;

/** Mails to this domain are refused for good, with an answer that quotes the address, as many servers do. */
export const BOUNCING_DOMAIN = 'bounce.test';

/** Where the sink listens. */
export interface MailSinkPlace {
  /** @default '127.0.0.1' */
  readonly host?: string;
  /** Port of the inbox over HTTP. @default a free one */
  readonly http?: number;
  /** Port that takes mails. @default a free one */
  readonly smtp?: number;
}

/** Where the fleet's mails go outside of production: an SMTP server that delivers nothing, and an inbox over HTTP. */
export interface MailSink {
  /** smtp://host:port */
  readonly smtp: string;
  /** http://host:port; `GET /messages?to=` answers `{ items }`, `DELETE /messages` forgets all. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts the sink, on free ports of 127.0.0.1 unless told otherwise. */
export async function startMailSink(place: MailSinkPlace = {}): Promise<MailSink> {
  const host = place.host ?? '127.0.0.1';
  const store = new MailStore();
  const smtp = smtpServer(store);
  // A client that breaks off is its own affair.
  smtp.on('error', () => undefined);
  const http = createServer((request, response) => answer(store, request, response));
  smtp.listen(place.smtp ?? 0, host);
  http.listen(place.http ?? 0, host);
  await Promise.all([once(smtp.server, 'listening'), once(http, 'listening')]);
  return {
    smtp: `smtp://${host}:${portOf(smtp.server)}`,
    url: `http://${host}:${portOf(http)}`,
    close: async () => {
      http.closeAllConnections();
      await Promise.all([
        new Promise<void>((resolve) => http.close(() => resolve())),
        new Promise<void>((resolve) => smtp.close(() => resolve())),
      ]);
    },
  };
}

function smtpServer(store: MailStore): SMTPServer {
  return new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    size: LARGEST_MAIL_BYTES,
    closeTimeout: 200,
    onRcptTo: ({ address }, _session, callback) => {
      const bounces = address.toLowerCase().endsWith(`@${BOUNCING_DOMAIN}`);
      callback(bounces ? refusal(address) : null);
    },
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (stream.sizeExceeded) callback(new Error('The mail is larger than the sink takes (1 MB).'));
        else keep(store, Buffer.concat(chunks), session).then(() => callback(), callback);
      });
    },
  });
}

function refusal(address: string): Error {
  return Object.assign(new Error(`<${address}>: nobody here by that name`), { responseCode: 550 });
}

async function keep(store: MailStore, raw: Buffer, session: SMTPServerSession): Promise<void> {
  const mail = await PostalMime.parse(raw);
  const { mailFrom, rcptTo } = session.envelope;
  store.add({
    from: mailFrom ? mailFrom.address : '',
    to: rcptTo.map(({ address }) => address),
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    messageId: mail.messageId ?? null,
    receivedAt: new Date().toISOString(),
  });
}

function answer(store: MailStore, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://sink');
  const known = url.pathname === '/messages';
  if (known && request.method === 'DELETE') {
    store.clear();
    response.writeHead(204).end();
  } else if (known && request.method === 'GET') {
    send(response, 200, 'application/json', { items: store.list(url.searchParams.get('to') ?? undefined) });
  } else {
    const detail = 'The mail sink answers GET /messages?to=<address> and DELETE /messages.';
    send(response, 404, 'application/problem+json', { title: 'Not Found', status: 404, detail });
  }
}

function send(response: ServerResponse, status: number, type: string, body: object): void {
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
}

function portOf(server: { address(): ReturnType<Server['address']> }): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
