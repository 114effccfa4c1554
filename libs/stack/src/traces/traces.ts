import type { StackSession } from '../stack/stack-session.js';
import { messageOf } from '../stack.error.js';
import type { TraceServer } from './trace-server.js';

const ATTEMPTS = 2;

/** Where the traces of a stack go. */
export interface Traces {
  /** Base URL of page and API; null when traces go nowhere. */
  readonly url: string | null;
  /** Variables that lead a service's spans there, beside those that were given. */
  readonly environment: Readonly<Record<string, string>>;
  /** URL of a trace's page; the trace id alone where we do not know the page. */
  link(traceId: string): string;
  /** What to know before following a link; undefined when there is nothing, or before `ready`. */
  note(traceId: string): string | undefined;
  /** Resolves when traces are taken, or when it is clear that they will not be. */
  ready(): Promise<void>;
}

/** Traces that go to a receiver of somebody else, or nowhere. */
export function givenTraces(url: string | null): Traces {
  return {
    url,
    environment: {},
    link: (traceId) => traceId,
    note: () => undefined,
    ready: () => Promise.resolve(),
  };
}

/** Starts a server for the traces. A stack without traces still works: a failure is said, and nothing else. */
export function servedTraces(server: TraceServer, session: StackSession): Traces {
  let failed = false;
  let pageless = false;
  const bring = async () => {
    await start(server, session);
    pageless = !(await server.hasPage());
  };
  const started = bring().catch((error: unknown) => {
    failed = true;
    if (!session.closing) session.steps.say(`Traces go nowhere: ${messageOf(error)}`);
  });
  return {
    get url() {
      return failed ? null : server.url;
    },
    environment: server.environment,
    link: (traceId) => (failed ? traceId : server.link(traceId)),
    note: (traceId) =>
      pageless
        ? `This ${server.name} was built without its page; the trace is at ${server.apiLink(traceId)}`
        : undefined,
    ready: () => started,
  };
}

async function start(server: TraceServer, session: StackSession): Promise<void> {
  const managed = session.supervisor.add(await server.process());
  await session.steps.run(server.name, async () => {
    try {
      await managed.start(ATTEMPTS);
    } catch (error) {
      await managed.stop();
      throw error;
    }
  });
}
