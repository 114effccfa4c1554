import { join } from 'node:path';
import { writeJson } from '../guard/json-file.js';
import type { LocalStack } from './local-stack.js';

/** Some targets of Prometheus with their labels, as its file discovery reads them. */
export interface ScrapeTargets {
  /** `host:port` of each process. */
  readonly targets: readonly string[];
  readonly labels: { readonly job: string };
}

/** Writes `targets.json` into the stack's directory: every process of the fleet, with its service as the job. */
export function writeScrapeTargets(directory: string, stack: Pick<LocalStack, 'replicas' | 'keeper'>): void {
  writeJson(join(directory, 'targets.json'), scrapeTargets(stack));
}

function scrapeTargets({
  replicas,
  keeper,
}: Pick<LocalStack, 'replicas' | 'keeper'>): readonly ScrapeTargets[] {
  return Object.entries({ ...replicas, keeper: [keeper] }).map(([job, urls]) => ({
    targets: urls.map((url) => new URL(url).host),
    labels: { job },
  }));
}
