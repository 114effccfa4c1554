import { createServer } from 'node:http';

/**
 * An OTLP/HTTP receiver (JSON) for tests: keeps every span that the fleet exports, flat, with its service.
 * `spansOf(traceId)` gives the spans of one trace.
 */
export async function startOtlpReceiver() {
  const byTrace = new Map();
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      if (request.url === '/v1/traces') keep(JSON.parse(Buffer.concat(chunks).toString()), byTrace);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    spansOf: (traceId) => byTrace.get(traceId) ?? [],
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

function keep({ resourceSpans = [] }, byTrace) {
  for (const { resource, scopeSpans = [] } of resourceSpans) {
    const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue;
    for (const span of scopeSpans.flatMap(({ spans }) => spans)) {
      const spans = byTrace.get(span.traceId) ?? [];
      spans.push({ ...span, service });
      byTrace.set(span.traceId, spans);
    }
  }
}
