import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { capture } from './capture.dashboard.js';
import { consumers } from './consumers.dashboard.js';
import { deadLetters } from './dead-letters.dashboard.js';
import { fleet } from './fleet.dashboard.js';
import { service } from './service.dashboard.js';

/** All dashboards of the fleet. */
export const dashboards: readonly Dashboard[] = [fleet, capture, consumers, deadLetters, service];
