import { eventually } from '@millrace/testing/runtime';

const SAMPLE_STOCK = { 'MUG-BLUE': 1_000_000, 'TEE-M': 1_000_000, 'BOOK-1': 1_000_000 };

/** Brings the whole fleet up (once in a run) with plenty of stock, and waits until every service is ready. */
export async function ready(): Promise<void> {
  await stack.startServices();
  await allReady();
  await stockUp(stack.services['inventory'] ?? '');
}

/** Gives an inventory plenty of what the tests order. */
export async function stockUp(inventoryUrl: string): Promise<void> {
  for (const [sku, onHand] of Object.entries(SAMPLE_STOCK)) await putStock(sku, onHand, inventoryUrl);
}

/** Sets how many units of a SKU are on hand, in the run's stack or by the inventory service of that URL. */
export async function putStock(
  sku: string,
  onHand: number,
  inventory = stack.services['inventory'] ?? '',
): Promise<void> {
  const answer = await fetch(`${inventory}/stock/${sku}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ onHand }),
  });
  if (!answer.ok) throw new Error(`PUT /stock/${sku} answered ${answer.status}: ${await answer.text()}`);
}

/** Waits until every service answers its readiness with 200. */
export async function allReady(withinMs = 180_000, services = stack.services): Promise<void> {
  for (const [name, url] of Object.entries(services)) {
    await eventually(
      async () => {
        const answer = await fetch(`${url}/health/ready`);
        if (answer.status !== 200) throw new Error(`${name} is not ready: ${await answer.text()}`);
      },
      { withinMs, everyMs: 200 },
    );
  }
}

/** State of the connector and its tasks, as Kafka Connect tells it. */
export async function connectorStates(connect = stack.connect): Promise<string[]> {
  const answer = await fetch(`${connect}/connectors/millrace-outbox/status`);
  const status = (await answer.json()) as { connector: { state: string }; tasks: { state: string }[] };
  return [status.connector.state, ...status.tasks.map(({ state }) => state)];
}

/** Kills a process the hard way and waits until its supervisor has another one up and ready. */
export async function killAndAwait(name: string): Promise<void> {
  const pid = stack.processes()[name];
  await stack.kill(name, 'SIGKILL');
  await eventually(() => {
    const now = stack.processes()[name];
    if (now === undefined || now === pid) throw new Error(`${name} has not been started again`);
  });
  await stack.ready(name);
}
