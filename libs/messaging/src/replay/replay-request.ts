import { DEAD_LETTER_REASONS } from '@millrace/telemetry';
import type { DeathReason } from '../ports/failure.js';

/** Which dead events to replay; what is left out does not restrict, what is given must all hold. */
export interface ReplayFilter {
  /** Reasons of death. */
  readonly reasons?: readonly DeathReason[];
  /** Error classes by their full name. */
  readonly errorClasses?: readonly string[];
  /** Record keys as UTF-8 text. */
  readonly keys?: readonly string[];
  /** Events whose first failure was then or later, milliseconds since the epoch. */
  readonly from?: number;
  /** Events whose first failure was before then, milliseconds since the epoch. */
  readonly until?: number;
  /** Event ids. */
  readonly eventIds?: readonly string[];
}

/** The first events of a replay, whose results decide whether the others follow. */
export interface Canary {
  /** How many go ahead, at least 1. @default 20 */
  readonly first?: number;
  /** Share of them, 0 to 1, that may die again. @default 0.1 */
  readonly maxFailureRatio?: number;
  /** Time within which all of them must have a result, milliseconds. @default 60_000 */
  readonly withinMs?: number;
}

/** A replay of dead events to one group. */
export interface ReplayRequest {
  /** Who asks for it; kept in the ledger. */
  readonly by: string;
  /** Why; kept in the ledger. */
  readonly why: string;
  /** @default every dead event of the topic */
  readonly filter?: ReplayFilter;
  /** Tries every event out in a transaction that is rolled back, and writes nothing at all. @default false */
  readonly dryRun?: boolean;
  /** Events per second at most. @default 100 */
  readonly ratePerSecond?: number;
  /** False sends everything without looking. @default the defaults of its fields */
  readonly canary?: Canary | false;
  /** Lets outside effects (mails, webhooks) happen. @default false */
  readonly outsideEffects?: boolean;
  /** Ends the replay early as `aborted`: what was sent stays sent. */
  readonly signal?: AbortSignal;
}

/** A replay request with every default applied. */
export interface CompleteReplayRequest extends Required<Omit<ReplayRequest, 'signal' | 'canary'>> {
  readonly canary: Required<Canary> | false;
  readonly signal: AbortSignal;
}

/** A replay request that cannot be carried out; the message names everything that is wrong with it. */
export class ReplayRequestError extends Error {
  readonly code = 'REPLAY_REQUEST';
  override readonly name = 'ReplayRequestError';
}

const CANARY_DEFAULTS = { first: 20, maxFailureRatio: 0.1, withinMs: 60_000 } satisfies Required<Canary>;
const REASONS: ReadonlySet<string> = new Set<DeathReason>(DEAD_LETTER_REASONS);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Applies the defaults; throws `ReplayRequestError`. */
export function completeReplayRequest(request: ReplayRequest): CompleteReplayRequest {
  const complete = {
    by: request.by.trim(),
    why: request.why.trim(),
    filter: request.filter ?? {},
    dryRun: request.dryRun ?? false,
    ratePerSecond: request.ratePerSecond ?? 100,
    canary: request.canary === false ? (false as const) : { ...CANARY_DEFAULTS, ...request.canary },
    outsideEffects: request.outsideEffects ?? false,
    signal: request.signal ?? new AbortController().signal,
  };
  const rules = [...requestRules(complete), ...canaryRules(complete.canary), ...filterRules(complete.filter)];
  const problems = rules.filter(([holds]) => !holds).map(([, message]) => message);
  if (problems.length > 0) throw new ReplayRequestError(`replay: ${problems.join('; ')}`);
  return complete;
}

type Rule = readonly [holds: boolean, otherwise: string];

function requestRules({ by, why, ratePerSecond, dryRun, outsideEffects }: CompleteReplayRequest): Rule[] {
  return [
    [by !== '', 'say who asks for it (by)'],
    [why !== '', 'say why (why)'],
    [Number.isFinite(ratePerSecond) && ratePerSecond > 0, 'ratePerSecond must be a number above 0'],
    [!(dryRun && outsideEffects), 'a dry run has no outside effects: leave dryRun or outsideEffects out'],
  ];
}

function canaryRules(canary: Required<Canary> | false): Rule[] {
  if (canary === false) return [];
  const { first, maxFailureRatio, withinMs } = canary;
  return [
    [isPositive(first), 'canary.first must be a whole number of at least 1'],
    [maxFailureRatio >= 0 && maxFailureRatio <= 1, 'canary.maxFailureRatio must be between 0 and 1'],
    [isPositive(withinMs), 'canary.withinMs must be a whole number of at least 1'],
  ];
}

function filterRules(filter: ReplayFilter): Rule[] {
  const { reasons = [], eventIds = [], from = -Infinity, until = Infinity } = filter;
  const lists = (['reasons', 'errorClasses', 'keys', 'eventIds'] as const).map((name): Rule => [
    filter[name]?.length !== 0,
    `filter.${name} is empty and would match nothing: leave it out`,
  ]);
  return [
    ...lists,
    [reasons.every((reason) => REASONS.has(reason)), `filter.reasons knows ${[...REASONS].join(', ')}`],
    [eventIds.every((id) => UUID.test(id)), 'filter.eventIds must be UUIDs'],
    [from < until, 'filter.from must be before filter.until, both milliseconds since the epoch'],
  ];
}

function isPositive(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1;
}
