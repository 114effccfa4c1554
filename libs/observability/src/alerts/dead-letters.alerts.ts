import { DEAD_LETTER_RETENTION_MS } from '@millrace/contracts';
import type { Alert, AlertGroup } from './alert.js';

const DAY_SECONDS = 24 * 60 * 60;
/** Three days before the topic deletes a dead letter. */
const LAST_CALL_SECONDS = DEAD_LETTER_RETENTION_MS / 1_000 - 3 * DAY_SECONDS;

const alerts: readonly Alert[] = [
  {
    name: 'DeadLetterNewErrorClass',
    severity: 'ticket',
    // Not increase(): it misses what a series is born with, and a class that is new is born with its first death.
    expr: `
      sum by (group, topic, reason) (millrace_dlq_messages_total) > 0
      unless
      sum by (group, topic, reason) (millrace_dlq_messages_total offset 10m) > 0`,
    summary:
      'Events of {{ $labels.topic }} die in {{ $labels.group }} for a new reason: {{ $labels.reason }}',
    description: '{{ $value }} dead letters, and there were none of this reason ten minutes ago.',
  },
  {
    name: 'DeadLettersGrowing',
    severity: 'page',
    for: '5m',
    expr: `sum by (group, topic) (increase(millrace_dlq_messages_total[15m])) > 10`,
    summary: 'Events of {{ $labels.topic }} keep dying in {{ $labels.group }}',
    description: '{{ $value | humanize }} dead letters within 15 minutes: their orders have no effect there.',
  },
  {
    name: 'DeadLettersTooOld',
    severity: 'ticket',
    expr: `max by (group, topic) (millrace_dlq_oldest_age_seconds) > ${DAY_SECONDS}`,
    summary: 'Nobody has resolved a dead event of {{ $labels.topic }} in {{ $labels.group }} for a day',
    description: 'The oldest one died {{ $value | humanizeDuration }} ago.',
  },
  {
    name: 'DeadLetterRetentionWillDrop',
    severity: 'page',
    expr: `max by (group, topic) (millrace_dlq_oldest_age_seconds) > ${LAST_CALL_SECONDS}`,
    summary: 'Dead letters of {{ $labels.topic }} in {{ $labels.group }} are deleted within three days',
    description:
      'The oldest unresolved one died {{ $value | humanizeDuration }} ago, and its topic keeps records for ' +
      `${DEAD_LETTER_RETENTION_MS / 1_000 / DAY_SECONDS} days.`,
  },
  {
    name: 'ReplayLoop',
    severity: 'ticket',
    expr: `
      sum by (group) (increase(millrace_dlq_messages_total[1h]))
        >= 0.5 * sum by (group) (increase(millrace_replay_messages_total[1h]))
      and on (group)
      sum by (group) (increase(millrace_replay_messages_total[1h])) > 10`,
    summary: 'What is replayed to {{ $labels.group }} dies again',
    description:
      '{{ $value | humanize }} events died within the hour in which they were replayed: the cause is not gone.',
  },
  {
    name: 'ContractViolations',
    severity: 'ticket',
    expr: `sum by (group, type) (increase(millrace_contract_violations_total[15m])) > 0`,
    summary: '{{ $labels.group }} gets {{ $labels.type }} that breaks its contract',
    description: 'A producer writes what the contract forbids, or somebody else writes to its topic.',
  },
];

/** What left the happy path for good, or is about to. */
export const deadLetters: AlertGroup = { name: 'dead-letters', recordings: [], alerts };
