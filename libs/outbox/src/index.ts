export { CaptureGate, type CaptureGateSettings } from './capture-gate.js';
export { GroupCommit, GroupCommitFullError, type GroupCommitOptions } from './group-commit.js';
export type { Cause } from './cause.js';
export { OutboxTable1 } from './migrations/outbox-table-1.migration.js';
export { OutboxTable2 } from './migrations/outbox-table-2.migration.js';
export { Outbox, type AppendedEvent, type OutboxEntry } from './outbox.js';
