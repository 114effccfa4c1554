import { connect, type Socket } from 'node:net';

const ANSWER = /^HTTP\/1\.1 (\d{3})[\s\S]*?\r\ncontent-length: (\d+)\r\n/i;
const HEAD_END = '\r\n\r\n';

/** Told of an answer: its status, 0 for a connection that broke, and its body. */
export type Answered = (status: number, body: string) => void;

/**
 * One connection that posts one body after the other. It reads no more of HTTP than a service's plain answers need,
 * because what the source of load costs is taken from what it measures.
 */
export class HttpLane {
  private socket: Socket | undefined;
  private received = '';
  private answered: Answered | undefined;
  private readonly head: string;

  constructor(private readonly url: URL) {
    this.head = `POST ${url.pathname} HTTP/1.1\r\nhost: ${url.host}\r\ncontent-type: application/json\r\n`;
  }

  /** Posts a body of ASCII text; the lane must be free. */
  post(body: string, answered: Answered): void {
    this.answered = answered;
    this.socket ??= this.connected();
    this.socket.write(`${this.head}content-length: ${body.length}\r\n\r\n${body}`);
  }

  close(): void {
    this.socket?.destroy();
  }

  private connected(): Socket {
    const socket = connect(Number(this.url.port), this.url.hostname).setNoDelay();
    socket.setEncoding('latin1').on('data', (text: string) => this.receive(text));
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.socket = undefined;
      this.settle(0, '');
    });
    return socket;
  }

  private receive(text: string): void {
    this.received += text;
    const end = this.received.indexOf(HEAD_END);
    if (end < 0) return;
    const [, status, length] = ANSWER.exec(this.received) ?? [];
    if (length === undefined) {
      this.socket?.destroy();
      return;
    }
    const body = this.received.slice(end + HEAD_END.length);
    if (body.length >= Number(length)) this.settle(Number(status), body);
  }

  private settle(status: number, body: string): void {
    const answered = this.answered;
    this.answered = undefined;
    this.received = '';
    answered?.(status, body);
  }
}
