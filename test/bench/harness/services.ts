import type { LocalStack } from '@millrace/stack';

/** Starts services of ours at once, also those that a benchmark has stopped, and waits until all are ready. */
export async function startServices(stack: LocalStack, services: readonly string[]): Promise<void> {
  const known = services.filter((service) => stack.services[service] !== undefined);
  const unknown = services.filter((service) => !known.includes(service));
  await Promise.all([
    ...known.map((service) => stack.start(service)),
    ...(unknown.length > 0 ? [stack.startServices(unknown)] : []),
  ]);
}

/** Stops services of ours at once; what was never started needs no stop. */
export async function stopServices(stack: LocalStack, services: readonly string[]): Promise<void> {
  const started = services.filter((service) => stack.services[service] !== undefined);
  await Promise.all(started.map((service) => stack.stop(service)));
}
