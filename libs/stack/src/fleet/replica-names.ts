/** Process names of a service's instances: `inventory`, `inventory#2`, … */
export function replicaNames(service: string, instances: number): readonly string[] {
  return Array.from({ length: instances }, (_, index) => (index === 0 ? service : `${service}#${index + 1}`));
}
