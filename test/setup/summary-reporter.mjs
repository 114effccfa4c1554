import { writeFileSync, writeSync } from 'node:fs';

/**
 * Ends the output of a run with one line, `N passed, N failed`, or tells the numbers to the command that adds several
 * runs up; a run without any test fails.
 */
export default class SummaryReporter {
  constructor() {
    this.file = process.env.TEST_COUNTS_FILE;
    // Tests that run Jest themselves must not write there.
    delete process.env.TEST_COUNTS_FILE;
  }

  onRunComplete(_contexts, results) {
    const passed = results.numPassedTests;
    // A file that cannot be loaded, or whose environment failed, has no failed test of its own.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    this.nothing = passed + failed === 0;
    if (this.file) return writeFileSync(this.file, JSON.stringify({ passed, failed }));
    // At exit, because Jest's own reporters and the teardown of the stack still write after this hook.
    process.once('exit', () => writeSync(1, `${passed} passed, ${failed} failed\n`));
  }

  /** Jest fails the run with what this returns. */
  getLastError() {
    return this.nothing ? new Error('No test ran: check the patterns given to Jest.') : undefined;
  }
}
