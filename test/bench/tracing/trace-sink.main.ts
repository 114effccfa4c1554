import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { countSpans } from './span-count.js';
import { TRACE_PATH, type SinkReady } from './trace-sink.js';

/**
 * An OTLP/HTTP receiver in a process of its own: reads every export, counts its spans and answers 200.
 * It tells the run its address, and whenever it is asked how many spans it has.
 */
let spans = 0;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (request.url === TRACE_PATH) spans += countSpans(Buffer.concat(chunks));
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  });
});

process.once('disconnect', () => process.exit(0));
process.on('message', () => process.send?.({ spans }));
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ url: `http://127.0.0.1:${port}` } satisfies SinkReady);
});
