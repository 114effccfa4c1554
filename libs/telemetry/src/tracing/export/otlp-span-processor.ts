import { Agent, request, type IncomingMessage } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import { TraceFlags } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';
import { OtlpSpans } from './otlp-spans.js';

const EVERY_MS = 1_000;
/** Bytes at which spans leave before their second is over. */
const FULL_BYTES = 256 * 1024;
/** Bytes that wait for a receiver that is slow or away; what does not fit is dropped, never waited for. */
const WAITING_BYTES = 8 * 1024 * 1024;
const EXPORT_TIMEOUT_MS = 5_000;

/** Where spans go, and of whom they are. */
export interface OtlpReceiver {
  /** Complete URL that spans are posted to, for example `http://127.0.0.1:4318/v1/traces`. */
  readonly url: string;
  readonly resource: Resource;
}

/**
 * Sends sampled spans to an OTLP/HTTP receiver, as protobuf: every second, and when there are many. Of spans only their
 * bytes are kept. A request that fails, or is answered with 429 or 5xx, is repeated with the next ones.
 */
export class OtlpSpanProcessor implements SpanProcessor {
  private readonly spans = new OtlpSpans();
  private readonly timer = setInterval(() => void this.flush(), EVERY_MS).unref();
  private readonly agent: Agent;
  private waiting: (readonly [Uint8Array, Uint8Array])[] = [];
  private sending: Promise<void> | undefined;
  private closed = false;

  constructor(private readonly receiver: OtlpReceiver) {
    const options = { keepAlive: true, maxSockets: 1 };
    this.agent = receiver.url.startsWith('https:') ? new SecureAgent(options) : new Agent(options);
  }

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    if (this.closed || (span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return;
    this.spans.add(span);
    if (this.spans.length >= FULL_BYTES) void this.flush();
  }

  async forceFlush(): Promise<void> {
    await this.sending;
    await this.flush();
  }

  async shutdown(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    clearInterval(this.timer);
    await this.forceFlush();
    this.agent.destroy();
  }

  /** Sends what waits, unless that is under way; never rejects. */
  private flush(): Promise<void> {
    if (this.spans.length > 0) this.waiting.push(this.spans.take(this.receiver.resource));
    this.dropOldest();
    if (this.waiting.length > 0) this.sending ??= this.sendAll().finally(() => (this.sending = undefined));
    return this.sending ?? Promise.resolve();
  }

  private dropOldest(): void {
    let bytes = this.waiting.reduce((sum, [head, spans]) => sum + head.length + spans.length, 0);
    while (bytes > WAITING_BYTES) {
      const [head, spans] = this.waiting.shift() ?? [];
      bytes -= (head?.length ?? 0) + (spans?.length ?? 0);
    }
  }

  private async sendAll(): Promise<void> {
    for (;;) {
      const [next] = this.waiting;
      if (next === undefined || !(await this.post(next))) return;
      if (this.waiting[0] === next) this.waiting.shift();
    }
  }

  /** True when the receiver has the spans, or will never take them. */
  private post(parts: readonly [Uint8Array, Uint8Array]): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const length = parts[0].length + parts[1].length;
    const outgoing = (this.receiver.url.startsWith('https:') ? secureRequest : request)(this.receiver.url, {
      method: 'POST',
      agent: this.agent,
      headers: { 'content-type': 'application/x-protobuf', 'content-length': length },
      signal: AbortSignal.timeout(EXPORT_TIMEOUT_MS),
    });
    outgoing.on('error', () => resolve(false));
    outgoing.on('response', (answer: IncomingMessage) => {
      const { statusCode = 500 } = answer;
      answer
        .on('error', () => resolve(false))
        .on('end', () => resolve(statusCode !== 429 && statusCode < 500));
      answer.resume();
    });
    outgoing.write(parts[0]);
    outgoing.end(parts[1]);
    return promise;
  }
}
