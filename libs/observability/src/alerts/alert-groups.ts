import type { AlertGroup } from './alert.js';
import { capture } from './capture.alerts.js';
import { consumers } from './consumers.alerts.js';
import { deadLetters } from './dead-letters.alerts.js';
import { freshness } from './freshness.alerts.js';
import { reconciliation } from './reconciliation.alerts.js';
import { services } from './services.alerts.js';

/** All alerts of the fleet; a group is a rule file and a runbook. */
export const alertGroups: readonly AlertGroup[] = [
  freshness,
  capture,
  consumers,
  deadLetters,
  reconciliation,
  services,
];
