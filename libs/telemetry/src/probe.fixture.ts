import { activeTraceId, runInContext, startServerSpan, startTelemetry } from './index.js';

const telemetry = startTelemetry({ service: 'probe' });
const span = startServerSpan({ method: 'POST', route: '/orders', path: '/orders' });
const order = runInContext(span.context, () => activeTraceId() ?? 'none');
span.end(201);
await telemetry.shutdown();
process.stdout.write(JSON.stringify({ order }));
