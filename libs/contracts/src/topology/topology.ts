import { analytics } from './services/analytics.topology.js';
import { featureStore } from './services/feature-store.topology.js';
import { fraud } from './services/fraud.topology.js';
import { inventory } from './services/inventory.topology.js';
import { notification } from './services/notification.topology.js';
import { order } from './services/order.topology.js';
import type { ServiceTopology } from './topology-types.js';

/** Every service of the fleet, producers first. */
export const topology: readonly ServiceTopology[] = [
  order,
  analytics,
  notification,
  fraud,
  inventory,
  featureStore,
];

/** Services that consume at least one topic; with a topic, those that consume it. */
export function consumersOf(
  services: readonly ServiceTopology[],
  topic?: string,
): readonly ServiceTopology[] {
  return services.filter(({ consumes }) =>
    consumes.some((subscription) => topic === undefined || subscription.topic === topic),
  );
}

/** Services that own an outbox. */
export function producersOf(services: readonly ServiceTopology[]): readonly ServiceTopology[] {
  return services.filter((service) => service.produces.length > 0);
}

/** The service of that name; throws naming the ones that exist. */
export function serviceNamed(name: string): ServiceTopology {
  const found = topology.find((service) => service.name === name);
  if (!found) {
    throw new RangeError(`no service '${name}'; there are ${topology.map((s) => s.name).join(', ')}`);
  }
  return found;
}
