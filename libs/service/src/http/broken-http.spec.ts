import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Module, Post } from '@nestjs/common';
import { testApplication } from '@millrace/testing';
import { ServiceModule } from '../module.js';

@Controller('things')
class ThingsController {
  @Post()
  keep(): object {
    return {};
  }
}

@Module({
  imports: [ServiceModule.forService({ name: 'bare', database: false })],
  controllers: [ThingsController],
})
class BareModule {}

let app: Awaited<ReturnType<typeof testApplication>>;
let port: number;

beforeAll(async () => {
  app = await testApplication('bare', BareModule);
  await app.listen(0, '127.0.0.1');
  port = Number(new URL(await app.getUrl()).port);
});

afterAll(async () => {
  await app.close();
});

/** Sends bytes as they are and resolves with all that comes back before the server closes. */
function exchange(request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
    socket.on('end', () => resolve(answer)).on('error', reject);
  });
}

describe('what is no HTTP', () => {
  it.each([
    ['a request line that is none', 'HELLO\r\n\r\n', 400],
    ['a header line that is none', 'GET / HTTP/1.1\r\nhost: a\r\nbroken\r\n\r\n', 400],
    ['headers that are too large', `GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
    ['two lengths', 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab', 400],
  ])('is a problem document: %s', async (_what, request, status) => {
    const answer = await exchange(request);
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toContain('content-type: application/problem+json');
    expect(JSON.parse(body)).toMatchObject({ status, type: expect.stringMatching(/^urn:millrace:problem:/) });
  });

  it('is a problem document when a chunked body grows beyond 256 KiB', async () => {
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    const answer = await exchange(
      'POST /things HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\n' +
        `transfer-encoding: chunked\r\n\r\n${chunk.repeat(5)}0\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer).toContain('content-type: application/problem+json');
  });
});
