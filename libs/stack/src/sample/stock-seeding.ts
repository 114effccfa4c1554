import { StackError } from '../stack.error.js';

const TIMEOUT_MS = 60_000;

/** Gives each SKU its stock at the inventory service of that URL, where the service does not know the SKU yet. */
export async function seedStock(
  inventoryUrl: string,
  stock: Readonly<Record<string, number>>,
): Promise<void> {
  for (const [sku, onHand] of Object.entries(stock)) {
    const url = new URL(`/stock/${sku}`, inventoryUrl);
    const known = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    await known.body?.cancel();
    if (known.status !== 404) continue;
    const answer = await fetch(url, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ onHand }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!answer.ok)
      throw new StackError('SAMPLE', `Stock of ${sku} could not be set: inventory answers ${answer.status}.`);
  }
}
