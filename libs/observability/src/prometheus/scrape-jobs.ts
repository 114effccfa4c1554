import { topology } from '@millrace/contracts';

/** Everything that is scraped, a job each: the services and the keeper. */
export const scrapeJobs: readonly string[] = [...topology.map(({ name }) => name), 'keeper'];
