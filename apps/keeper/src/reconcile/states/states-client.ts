import { Type } from 'typebox';
import type { OpsToken } from './ops-token.js';
import { Value } from 'typebox/value';

/** Ids that a service takes in one question. */
const MOST_IDS = 1_000;

/** Longest wait for an answer in milliseconds. */
const WITHIN_MS = 10_000;

const Answer = Type.Object({
  items: Type.Array(Type.Object({ eventId: Type.String(), state: Type.String() })),
});

/** A service did not tell the states of events; the message says which and why. */
export class StatesUnansweredError extends Error {
  readonly code = 'STATES_UNANSWERED';
  override readonly name = 'StatesUnansweredError';
}

/** Asks consumers what became of events: `POST /ops/events/states`. */
export class StatesClient {
  constructor(
    /** URL of each service by name. */
    private readonly urls: ReadonlyMap<string, string>,
    /** What the services ask for; undefined where they serve anybody. */
    private readonly token?: Pick<OpsToken, 'get'>,
  ) {}

  /** Those of the ids that the group knows nothing of. Throws `StatesUnansweredError` when it does not answer. */
  async unknown(group: string, ids: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>> {
    const unknown = new Set<string>();
    for (let start = 0; start < ids.length; start += MOST_IDS) {
      const items = await this.#ask(group, ids.slice(start, start + MOST_IDS), signal);
      for (const { eventId, state } of items) if (state === 'unknown') unknown.add(eventId);
    }
    return unknown;
  }

  async #ask(group: string, ids: readonly string[], signal: AbortSignal) {
    const base = this.urls.get(group);
    if (base === undefined)
      throw new StatesUnansweredError(
        `SERVICE_URLS does not say where ${group} listens: add ${group}=http://…`,
      );
    const url = new URL('/ops/events/states', base);
    const within = AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)]);
    const token = await this.token?.get(within);
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ ids }),
      signal: within,
    });
    const text = await response.text();
    const body: unknown = response.ok ? JSON.parse(text) : undefined;
    if (Value.Check(Answer, body)) return body.items;
    throw new StatesUnansweredError(`${url.href} answered ${response.status}: ${text.slice(0, 200)}`);
  }
}
