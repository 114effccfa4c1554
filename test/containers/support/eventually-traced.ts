import { expect } from '@jest/globals';
import { topology } from '@millrace/contracts';
import { eventually } from '@millrace/testing/runtime';
import { JaegerApi } from '../../observability/support/jaeger-api.js';

/** Waits until Jaeger shows the trace of an order in every service. */
export async function eventuallyTraced(jaeger: string, traceId: string): Promise<void> {
  const api = new JaegerApi(jaeger);
  await eventually(
    async () => {
      const { processes } = await api.trace(traceId);
      const seen = new Set(Object.values(processes).map(({ serviceName }) => serviceName));
      expect([...seen]).toEqual(expect.arrayContaining(topology.map(({ name }) => name)));
    },
    { everyMs: 500 },
  );
}
