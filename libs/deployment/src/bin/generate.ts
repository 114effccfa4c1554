import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { topology } from '@millrace/contracts';
import { DeploymentError } from '../deployment.error.js';
import { differencesOf, writeFiles, type FileDifference } from '../file-differences.js';
import { generatedFiles } from '../generated-files.js';

const ROOT = join(import.meta.dirname, '../../../..');
const OUT_OF_DATE = 1;
const REFUSED = 2;

process.exitCode = await main();

/** `npm run generate [-- --check]`: writes what follows from the topology, or lists what does not agree with it. */
async function main(): Promise<number> {
  try {
    const { check } = parseArgs({ options: { check: { type: 'boolean', default: false } } }).values;
    const files = await generatedFiles(ROOT, topology);
    return check ? tell(differencesOf(ROOT, files)) : report(writeFiles(ROOT, files), files.size);
  } catch (error) {
    if (!(error instanceof DeploymentError) && !isUsage(error)) throw error;
    process.stderr.write(`generate: ${error.message}\n`);
    return REFUSED;
  }
}

function tell(differences: readonly FileDifference[]): number {
  if (differences.length === 0) return 0;
  const lines = differences.map(({ path, problem }) => `  ${problem.padEnd(9)}  ${path}`);
  process.stderr.write(`Not what the topology says: run npm run generate.\n${lines.join('\n')}\n`);
  return OUT_OF_DATE;
}

function report(changes: readonly FileDifference[], all: number): number {
  const lines = changes.map(
    ({ path, problem }) => `  ${problem === 'left over' ? 'removed' : 'written'}  ${path}\n`,
  );
  process.stdout.write(`${lines.join('')}${all} generated files, ${changes.length} changed.\n`);
  return 0;
}

function isUsage(error: unknown): error is Error {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
