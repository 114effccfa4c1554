export { type MailSink, startMailSink } from './mail-sink.js';
