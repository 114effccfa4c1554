import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../eventually.js';
import { TcpProxy } from './tcp-proxy.js';

let echo: Server;
let proxy: TcpProxy;
const clients: Socket[] = [];

beforeEach(async () => {
  echo = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  proxy = await TcpProxy.start({ host: '127.0.0.1', port: (echo.address() as AddressInfo).port });
});

afterEach(async () => {
  await proxy.close();
  for (const client of clients.splice(0)) client.destroy();
  echo.close();
  await once(echo, 'close');
});

/** A client of the echo through the proxy, and what came back to it. */
async function connect(): Promise<{ socket: Socket; heard: () => string; ended: Promise<unknown> }> {
  const socket = createConnection({ port: proxy.port, host: '127.0.0.1' });
  clients.push(socket);
  let heard = '';
  socket.setEncoding('utf8').on('data', (text: string) => (heard += text));
  const ended = new Promise((resolve) => {
    socket.once('error', resolve);
    socket.once('close', resolve);
  });
  await Promise.race([once(socket, 'connect'), ended.then((why) => Promise.reject(why))]);
  return { socket, heard: () => heard, ended };
}

describe('a TCP proxy', () => {
  it('forwards both ways, and the end too', async () => {
    const { socket, heard, ended } = await connect();
    socket.end('hello');
    await ended;
    expect(heard()).toBe('hello');
    await eventually(() => expect(proxy.open).toBe(0));
  });

  it('forwards more than its buffers hold, in order', async () => {
    const { socket, heard, ended } = await connect();
    const text = Array.from({ length: 300_000 }, (_, index) => `${index},`).join('');
    socket.end(text);
    await ended;
    expect(heard() === text).toBe(true);
  });

  it('that is cut resets what is open and refuses what is new, until it is restored on the same port', async () => {
    const { socket, heard, ended } = await connect();
    socket.write('a');
    await eventually(() => expect(heard()).toBe('a'));
    await proxy.cut();
    expect(await ended).toMatchObject({ code: 'ECONNRESET' });
    await expect(connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await proxy.restore();
    const after = await connect();
    after.socket.write('b');
    await eventually(() => expect(after.heard()).toBe('b'));
  });

  it('that is paused accepts and keeps connections, and forwards what it held back when it is restored', async () => {
    const before = await connect();
    proxy.pause();
    const during = await connect();
    before.socket.write('one');
    during.socket.write('two');
    const probe = await TcpProxy.start({ host: '127.0.0.1', port: (echo.address() as AddressInfo).port });
    const witness = createConnection({ port: probe.port, host: '127.0.0.1' });
    witness.write('x');
    // What goes through another proxy meanwhile shows that there was time enough.
    await once(witness, 'data');
    witness.destroy();
    await probe.close();
    expect([before.heard(), during.heard()]).toEqual(['', '']);
    await proxy.restore();
    await eventually(() => expect([before.heard(), during.heard()]).toEqual(['one', 'two']));
  });

  it('that strands its connections lets new ones through once it is restored, and those never again', async () => {
    const { socket, heard, ended } = await connect();
    proxy.strand();
    const during = await connect();
    during.socket.write('during');
    socket.write('lost');
    await proxy.restore();
    const after = await connect();
    after.socket.write('after');
    await eventually(() => expect([during.heard(), after.heard()]).toEqual(['during', 'after']));
    expect(heard()).toBe('');
    await proxy.cut();
    expect(await ended).toMatchObject({ code: 'ECONNRESET' });
    expect(heard()).toBe('');
  });

  it('delays each direction, keeps the order, and is quick again when it is restored', async () => {
    const { socket, heard } = await connect();
    proxy.delay(60);
    const started = performance.now();
    socket.write('a');
    socket.write('b');
    await eventually(() => expect(heard()).toBe('ab'), { everyMs: 1 });
    // A timer may fire a little early by another clock.
    expect(performance.now() - started).toBeGreaterThanOrEqual(110);
    await proxy.restore();
    socket.write('c');
    await eventually(() => expect(heard()).toBe('abc'), { everyMs: 1 });
  });

  it('whose target is away closes the connection', async () => {
    const { promise: gone, resolve } = Promise.withResolvers<void>();
    const port = (echo.address() as AddressInfo).port;
    const away = createServer().listen(0, '127.0.0.1');
    await once(away, 'listening');
    const free = (away.address() as AddressInfo).port;
    away.close(() => resolve());
    await gone;
    expect(free).not.toBe(port);
    const nowhere = await TcpProxy.start({ host: '127.0.0.1', port: free });
    const socket = createConnection({ port: nowhere.port, host: '127.0.0.1' });
    const [error] = await once(socket, 'error').catch((thrown: unknown) => [thrown]);
    expect(error).toMatchObject({ code: 'ECONNRESET' });
    await nowhere.close();
  });
});
