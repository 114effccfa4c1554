import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, HttpCode, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { chunksOf } from './chunks-of.js';
import { fastifyServer } from './fastify-server.js';
import { ProblemError } from './problem.error.js';
import { ProblemFilter } from './problem.filter.js';
import { streamedBody } from './streamed-body.decorator.js';

/** Far below the silence that the streamed route bears. */
const REQUEST_TIMEOUT_MS = 1_000;

/** How long the streamed route bears silence. */
let idleMs = 30_000;

const stop = new AbortController();

@Controller()
class SinkController {
  @Post('streamed')
  @HttpCode(200)
  @streamedBody('application/x-ndjson', 'anything')
  async count(@Body() body: Readable): Promise<object> {
    let bytes = 0;
    for await (const chunk of chunksOf(body, { idleMs, signal: stop.signal })) {
      if (chunk.includes('STOP')) stop.abort(new ProblemError({ status: 503, code: 'stop', title: 'Stop' }));
      if (chunk.includes('NO')) throw new ProblemError({ status: 409, code: 'no', title: 'No' });
      bytes += chunk.length;
    }
    return { bytes };
  }

  @Post('whole')
  keep(@Body() body: object): object {
    return body;
  }
}

@Module({ controllers: [SinkController] })
class SinkModule {}

let app: NestFastifyApplication;
let port: number;

beforeAll(async () => {
  const patience = { requestTimeoutMs: REQUEST_TIMEOUT_MS, lookEveryMs: 20 };
  const server = fastifyServer(() => false, patience);
  app = await NestFactory.create<NestFastifyApplication>(SinkModule, server, {
    logger: false,
    bodyParser: false,
    abortOnError: false,
  });
  app.useGlobalFilters(new ProblemFilter());
  await app.listen(0, '127.0.0.1');
  port = Number(new URL(await app.getUrl()).port);
});

afterEach(() => {
  idleMs = 30_000;
});

afterAll(async () => {
  await app.close();
});

/** A connection on which a test writes a request piece by piece; `answer` is all that comes back. */
async function open(
  path: string,
  type: string,
  rest = '',
): Promise<{ socket: Socket; answer: Promise<string> }> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  let text = '';
  socket.setEncoding('utf8').on('data', (part: string) => (text += part));
  const answer = new Promise<string>((resolve, reject) => {
    socket.on('close', () => resolve(text)).on('error', reject);
  });
  const head = `POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-type: ${type}\r\ntransfer-encoding: chunked\r\n`;
  socket.write(`${head}${rest}\r\n`);
  return { socket, answer };
}

const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const NDJSON = 'application/x-ndjson';

describe('a route that streams its body', () => {
  it('reads on, far beyond the timeout and the size of other requests, while its sender goes on', async () => {
    const { socket, answer } = await open('/streamed', NDJSON, 'connection: close\r\n');
    const began = performance.now();
    let sent = 0;
    while (performance.now() - began < 3 * REQUEST_TIMEOUT_MS || sent < 1_000_000) {
      sent += 50_000;
      const flushed = new Promise((resolve) => socket.write(chunk('x'.repeat(50_000)), resolve));
      await Promise.all([flushed, new Promise((resolve) => setImmediate(resolve))]);
    }
    socket.write('0\r\n\r\n');
    expect(await answer).toContain(`{"bytes":${sent}}`);
  });

  it('cuts off a sender that has fallen silent', async () => {
    idleMs = 1_000;
    const { socket, answer } = await open('/streamed', NDJSON);
    socket.write(chunk('x'));
    expect(await answer).toMatch(/^HTTP\/1.1 408 .*urn:millrace:problem:sender-silent/s);
  });

  it('tells a sender that goes on why it is refused', async () => {
    const { socket, answer } = await open('/streamed', NDJSON);
    socket.on('error', () => undefined);
    socket.write(chunk('NO') + chunk('x'.repeat(3_000_000)));
    expect(await answer.catch(() => '')).toMatch(/^HTTP\/1.1 409 /);
  });

  it.each(['application/json', 'text/plain', 'application/x-ndjson-seq'])('takes no %s', async (type) => {
    const { socket, answer } = await open('/streamed', type, 'connection: close\r\n');
    socket.write(`${chunk('{}')}0\r\n\r\n`);
    const text = await answer;
    expect(text).toMatch(/^HTTP\/1.1 415 /);
    expect(text).toContain(`content-type: ${NDJSON}.`);
  });

  it('ends at once when it is told to stop', async () => {
    const { socket, answer } = await open('/streamed', NDJSON);
    socket.write(chunk('STOP'));
    expect(await answer).toMatch(/^HTTP\/1.1 503 /);
  });
});

describe('every other route', () => {
  it('is not for streams', async () => {
    const { socket, answer } = await open('/whole', NDJSON, 'connection: close\r\n');
    socket.write(`${chunk('{}')}0\r\n\r\n`);
    expect(await answer).toMatch(/^HTTP\/1.1 415 /);
  });

  it('keeps its limit of time', async () => {
    const { socket, answer } = await open('/whole', 'application/json');
    const trickle = setInterval(() => socket.write(chunk(' ')), 10);
    const text = await answer.finally(() => clearInterval(trickle));
    expect(text).toMatch(/^HTTP\/1.1 408 .*urn:millrace:problem:request-timeout/s);
  });

  it('answers a path that is none as such, whatever the type', async () => {
    const { socket, answer } = await open('/nothing', NDJSON, 'connection: close\r\n');
    socket.write(`${chunk('{}')}0\r\n\r\n`);
    expect(await answer).toMatch(/^HTTP\/1.1 404 /);
  });
});
