import { port, readConfig, text } from '@millrace/config';
import { startMailSink } from './mail-sink.js';

/** Runs the sink as a program of its own, until a signal stops it. */
const config = readConfig({
  HOST: text({ default: '127.0.0.1', desc: 'address to listen on' }),
  PORT: port({ default: 18_025, desc: 'port of the inbox over HTTP' }),
  SMTP_PORT: port({ default: 1_025, desc: 'port that takes mails' }),
});

const sink = await startMailSink({ host: config.HOST, http: config.PORT, smtp: config.SMTP_PORT });
process.stdout.write(`The mail sink takes mails at ${sink.smtp} and shows them at ${sink.url}/messages.\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void sink.close());
