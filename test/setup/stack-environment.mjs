import { TestEnvironment as NodeEnvironment } from 'jest-environment-node';

/** Hands the run's stack and its OTLP receiver to the specs; Jest runs them in the process that started both. */
export default class StackEnvironment extends NodeEnvironment {
  async setup() {
    await super.setup();
    this.global.stack = globalThis.__millraceStack;
    this.global.otlp = globalThis.__millraceOtlp;
  }
}
