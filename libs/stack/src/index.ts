export { SERVICE_NODE_OPTIONS } from './fleet/program.js';
export { removeAbandonedStacks } from './stack/abandoned-stacks.js';
export type { LocalStack } from './stack/local-stack.js';
export type { StackMode, StackOptions } from './stack/stack-options.js';
export { startStack } from './stack/start-stack.js';
export { StackError, type StackErrorCode } from './stack.error.js';
