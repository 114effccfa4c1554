import { type AddressInfo } from 'node:net';
import { activeTraceId, nameRoute, startTelemetry } from './index.js';

const telemetry = startTelemetry({ service: 'probe' });
const { default: http } = await import('node:http');
const server = http.createServer((request, response) => {
  if (request.url === '/orders') nameRoute('/orders');
  response.end(activeTraceId() ?? 'none');
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const answers = {
  order: await (await fetch(`${address}/orders`, { method: 'POST' })).text(),
  health: await (await fetch(`${address}/health/live`)).text(),
};
server.closeAllConnections();
server.close();
await telemetry.shutdown();
process.stdout.write(JSON.stringify(answers));
