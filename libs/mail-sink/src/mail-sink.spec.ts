import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTransport } from 'nodemailer';
import { type MailSink, startMailSink } from './mail-sink.js';
import { MailStore, type ReceivedMail } from './mail-store.js';

describe('the mail sink', () => {
  let sink: MailSink;

  beforeEach(async () => {
    sink = await startMailSink();
  });
  afterEach(() => sink.close());

  const send = async (to: string, subject = 'Your order') => {
    const transport = createTransport(sink.smtp);
    const mail = { from: 'shop@example.com', to, subject, text: 'Grüße, 20 €', html: '<p>Grüße</p>' };
    const { messageId } = await transport.sendMail(mail);
    transport.close();
    return messageId;
  };
  const inbox = async (query = '') => {
    const answer = await fetch(`${sink.url}/messages${query}`);
    return ((await answer.json()) as { items: ReceivedMail[] }).items;
  };

  it('shows what arrived over SMTP, decoded', async () => {
    const messageId = await send('ada@example.com', 'Ihre Bestellung – danke');
    expect(await inbox()).toEqual([
      {
        from: 'shop@example.com',
        to: ['ada@example.com'],
        subject: 'Ihre Bestellung – danke',
        text: expect.stringMatching(/^Grüße, 20 €\s*$/),
        messageId,
        receivedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      },
    ]);
  });

  it('finds the mails to one address, whatever its case', async () => {
    await send('ada@example.com');
    await send('bob@example.com');
    expect(await inbox('?to=Ada@Example.com')).toHaveLength(1);
    expect(await inbox('?to=nobody@example.com')).toEqual([]);
  });

  it('refuses mails to the bouncing domain and quotes the address', async () => {
    await expect(send('ada@bounce.test')).rejects.toMatchObject({
      responseCode: 550,
      response: expect.stringContaining('<ada@bounce.test>'),
    });
    expect(await inbox()).toEqual([]);
  });

  it('forgets all when told to', async () => {
    await send('ada@example.com');
    const answer = await fetch(`${sink.url}/messages`, { method: 'DELETE' });
    expect(answer.status).toBe(204);
    expect(await inbox()).toEqual([]);
  });

  it('answers other paths with a problem document', async () => {
    const answer = await fetch(`${sink.url}/other`);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });
});

describe('the mail store', () => {
  const mail = (subject: string, text = ''): ReceivedMail => ({
    ...{ from: 'a@example.com', to: ['b@example.com'], subject, text },
    ...{ messageId: null, receivedAt: '2026-01-01T00:00:00Z' },
  });
  const subjects = (store: MailStore) => store.list().map(({ subject }) => subject);

  it('drops the oldest mails above its number', () => {
    const store = new MailStore(2);
    for (const subject of ['1', '2', '3']) store.add(mail(subject));
    expect(subjects(store)).toEqual(['2', '3']);
  });

  it('drops the oldest mails above its size', () => {
    const store = new MailStore(100, 10);
    for (const subject of ['1', '2', '3']) store.add(mail(subject, 'five!'));
    expect(subjects(store)).toEqual(['2', '3']);
  });
});
