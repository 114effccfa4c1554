import { topology } from '@millrace/contracts';
import { loadConfigFiles, programsOf, type Program } from '@millrace/deployment';
import { ROOT } from './overlay.js';

/** The programs of the fleet by the name of their workloads. */
export async function fleetPrograms(): Promise<ReadonlyMap<string, Program>> {
  const programs = programsOf(topology, await loadConfigFiles(ROOT));
  return new Map(programs.map((program) => [program.name, program]));
}
