import { Type, type Static, type TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { ConnectRefusedError } from './connect.error.js';
import type { ConnectorConfig } from './connector-file.js';
import { ConnectorStatus } from './connector-status.js';

/** Longest wait for an answer in milliseconds; a configuration that is put is first tried against the database. */
export const CONNECT_TIMEOUT_MS = 30_000;

const NO_SUCH_THING = 404;
const Settings = Type.Record(Type.String(), Type.String());
const Offsets = Type.Object({
  offsets: Type.Array(
    Type.Object({ offset: Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()]) }),
  ),
});
const Refusal = Type.Object({ message: Type.String() });

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Kafka Connect's REST interface, as far as one connector needs it. Rejects when Connect is away or refuses. */
export class ConnectClient {
  constructor(
    private readonly url: string,
    private readonly timeoutMs: number = CONNECT_TIMEOUT_MS,
  ) {}

  /** Whether Connect's resources are there: its port opens before them, and then it says 404. */
  async isReady(signal: AbortSignal): Promise<boolean> {
    const { status } = await this.#ask('GET', '/connectors', signal);
    return status === 200;
  }

  /** The connector's settings; undefined when there is no such connector. */
  async config(name: string, signal: AbortSignal): Promise<ConnectorConfig | undefined> {
    return this.#read(Settings, `${pathOf(name)}/config`, signal);
  }

  /** The connector's state; undefined when there is none yet. */
  async status(name: string, signal: AbortSignal): Promise<ConnectorStatus | undefined> {
    return this.#read(ConnectorStatus, `${pathOf(name)}/status`, signal);
  }

  /** Creates the connector or changes its settings. */
  async putConfig(name: string, config: ConnectorConfig, signal: AbortSignal): Promise<void> {
    accepted(`PUT ${pathOf(name)}/config`, await this.#ask('PUT', `${pathOf(name)}/config`, signal, config));
  }

  /** Starts the connector's failed parts again. */
  async restartFailed(name: string, signal: AbortSignal): Promise<void> {
    const path = `${pathOf(name)}/restart?includeTasks=true&onlyFailed=true`;
    accepted(`POST ${path}`, await this.#ask('POST', path, signal));
  }

  /** Stops the connector and its tasks; it keeps its settings and offsets. Resolves before they have ended. */
  async stop(name: string, signal: AbortSignal): Promise<void> {
    accepted(`PUT ${pathOf(name)}/stop`, await this.#ask('PUT', `${pathOf(name)}/stop`, signal));
  }

  /** Lets a stopped or paused connector run. */
  async resume(name: string, signal: AbortSignal): Promise<void> {
    accepted(`PUT ${pathOf(name)}/resume`, await this.#ask('PUT', `${pathOf(name)}/resume`, signal));
  }

  /** The connector's stored offsets; undefined when there is no such connector. */
  async offsets(
    name: string,
    signal: AbortSignal,
  ): Promise<readonly Readonly<Record<string, unknown>>[] | undefined> {
    const answer = await this.#read(Offsets, `${pathOf(name)}/offsets`, signal);
    return answer?.offsets.flatMap(({ offset }) => (offset === null ? [] : [offset]));
  }

  /** Forgets the connector's offsets; refused unless it is stopped. */
  async resetOffsets(name: string, signal: AbortSignal): Promise<void> {
    accepted(`DELETE ${pathOf(name)}/offsets`, await this.#ask('DELETE', `${pathOf(name)}/offsets`, signal));
  }

  async #read<Schema extends TSchema>(
    schema: Schema,
    path: string,
    signal: AbortSignal,
  ): Promise<Static<Schema> | undefined> {
    const answer = await this.#ask('GET', path, signal);
    if (answer.status === NO_SUCH_THING) return undefined;
    accepted(`GET ${path}`, answer);
    if (Value.Check(schema, answer.body)) return answer.body;
    throw new ConnectRefusedError(answer.status, `GET ${path}`, 'the answer has an unknown shape');
  }

  async #ask(method: string, path: string, signal: AbortSignal, body?: ConnectorConfig): Promise<Answer> {
    const response = await fetch(new URL(path, this.url), {
      method,
      signal: AbortSignal.any([signal, AbortSignal.timeout(this.timeoutMs)]),
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    return { status: response.status, body: parsed(await response.text()) };
  }
}

function pathOf(name: string): string {
  return `/connectors/${encodeURIComponent(name)}`;
}

function accepted(request: string, answer: Answer): void {
  if (answer.status >= 200 && answer.status < 300) return;
  const reason = Value.Check(Refusal, answer.body) ? answer.body.message.slice(0, 500) : 'no reason given';
  throw new ConnectRefusedError(answer.status, request, reason);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
