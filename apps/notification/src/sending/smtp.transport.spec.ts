import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { answer, TestSmtpServer } from './smtp-server.fixture.js';
import { SmtpTransport } from './smtp.transport.js';

const mail = {
  id: '8238c0b5-041f-5a0f-8e31-6383185e6585',
  recipient: 'ada@example.com',
  subject: 'Your order',
  body: 'Hello Ada,\n\nTotal: €59.70',
};

describe('SmtpTransport', () => {
  let server: TestSmtpServer;
  let transport: SmtpTransport;
  const failure = (error: string) => expect.objectContaining({ code: 'DELIVERY', failure: error });

  beforeEach(async () => {
    server = new TestSmtpServer();
    await server.start();
    transport = new SmtpTransport({ smtpUrl: server.url, from: 'orders@example.com' });
  });
  afterEach(async () => {
    transport.close();
    await server.stop();
  });

  it('hands the mail to the server under an id that is always the same', async () => {
    await transport.send(mail, 5_000);
    await transport.send(mail, 5_000);
    const [first, second] = server.taken;
    expect(first?.to).toEqual(['ada@example.com']);
    expect(first?.messageId).toBe('<8238c0b5-041f-5a0f-8e31-6383185e6585@millrace>');
    expect(second?.messageId).toBe(first?.messageId);
    expect(first?.raw).toMatch(/^From: orders@example\.com\r$/m);
    expect(first?.raw).toMatch(/^Subject: Your order\r$/m);
    expect(first?.raw).toContain('=E2=82=AC59.70');
  });

  it('writes to one recipient only, whatever the address holds', async () => {
    await transport
      .send({ ...mail, recipient: 'ada@example.com, eve@example.com' }, 5_000)
      .catch(() => undefined);
    expect(server.taken.flatMap(({ to }) => to)).not.toContain('eve@example.com');
  });

  it('lets a subject bring no header of its own', async () => {
    await transport.send({ ...mail, subject: 'Order\r\nBcc: eve@example.com' }, 5_000);
    expect(server.taken[0]?.to).toEqual(['ada@example.com']);
    expect(server.taken[0]?.raw).not.toMatch(/^Bcc:/im);
  });

  it.each([
    [550, 'rejected'],
    [553, 'rejected'],
    [450, 'deferred'],
    [421, 'unreachable'],
    [503, 'deferred'],
  ])('tells an answer of %d apart as %s', async (code, kind) => {
    server.onRecipient = () => {
      throw answer(code, 'no');
    };
    const sent = transport.send(mail, 5_000);
    await expect(sent).rejects.toEqual(failure(kind));
    await expect(sent).rejects.toThrow(expect.not.stringContaining('ada@'));
  });

  it('says that a server is unreachable which is not there, and finds it when it is back', async () => {
    await transport.send(mail, 5_000);
    await server.stop();
    await expect(transport.send(mail, 5_000)).rejects.toEqual(failure('unreachable'));
    await server.start();
    await transport.send(mail, 5_000);
    expect(server.taken).toHaveLength(2);
  });

  it('ends an attempt at its deadline when the server is silent', async () => {
    let wake = () => {};
    server.onMail = () => new Promise((resolve) => (wake = resolve));
    await expect(transport.send(mail, 200)).rejects.toEqual(failure('unreachable'));
    wake();
  });
});
