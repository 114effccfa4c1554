import { startMailSink } from './mail-sink.js';
import { readMailSinkConfig } from './mail-sink.config.js';

/** Runs the sink as a program of its own, until a signal stops it. */
const config = readMailSinkConfig();

const sink = await startMailSink({ host: config.HOST, http: config.PORT, smtp: config.SMTP_PORT });
process.stdout.write(`The mail sink takes mails at ${sink.smtp} and shows them at ${sink.url}/messages.\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void sink.close());
