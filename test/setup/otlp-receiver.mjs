import { createServer } from 'node:http';
import { readOtlpRequest } from '@millrace/testing/runtime';

/**
 * An OTLP/HTTP receiver (protobuf) for tests: keeps every span that the fleet exports, flat, with its service.
 * `spansOf(traceId)` gives the spans of one trace, `spansLinking(traceId)` those of any trace that link it.
 */
export async function startOtlpReceiver() {
  const byTrace = new Map();
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      if (request.url === '/v1/traces') keep(readOtlpRequest(Buffer.concat(chunks)), byTrace);
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    spansOf: (traceId) => byTrace.get(traceId) ?? [],
    spansLinking: (traceId) =>
      [...byTrace.values()].flat().filter(({ links }) => links.some((link) => link.traceId === traceId)),
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

function keep(received, byTrace) {
  for (const span of received) {
    const spans = byTrace.get(span.traceId) ?? [];
    spans.push(span);
    byTrace.set(span.traceId, spans);
  }
}
