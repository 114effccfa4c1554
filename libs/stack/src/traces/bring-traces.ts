import type { PortWish } from '../ports/port-plan.js';
import type { StackSession } from '../stack/stack-session.js';
import { JAEGER_IMAGE, removeContainer } from './jaeger-image.js';
import { containerName, jaegerContainer, jaegerProgram } from './jaeger-server.js';
import type { TraceChoice } from './trace-choice.js';
import type { TraceServer } from './trace-server.js';
import { givenTraces, servedTraces, type Traces } from './traces.js';
import { zipkinServer } from './zipkin-server.js';

/** Ports that a choice takes. */
export function traceWishes({ kind }: TraceChoice): readonly PortWish[] {
  if (kind === 'given') return [];
  if (kind === 'zipkin') return [{ name: 'zipkin', preferred: 9_411 }];
  return [
    { name: 'jaeger', preferred: 16_686 },
    { name: 'jaeger-otlp', preferred: 4_318 },
  ];
}

/** One sentence: where traces go and, where it is not Jaeger, how to have it. */
export function traceSentence(choice: TraceChoice): string {
  switch (choice.kind) {
    case 'given':
      return choice.url === null
        ? 'Traces go nowhere, as OTEL_TRACES_EXPORTER says.'
        : `Traces go to ${choice.url}, as the environment says.`;
    case 'jaeger':
      return `Traces go to Jaeger (${choice.program}).`;
    case 'image':
      return `Traces go to Jaeger (the image ${JAEGER_IMAGE}).`;
    case 'zipkin':
      return "Traces go to Zipkin, as there is no Jaeger here. To have Jaeger's page instead, start Docker or point JAEGER_BINARY at a release (https://www.jaegertracing.io/download); with Go, npm run jaeger builds its server and API.";
  }
}

/** What bringing needs to know. */
export interface TraceRequest {
  /** Folder of the checkout. */
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly session: StackSession;
  /** Ports by name, those of `traceWishes` among them. */
  readonly ports: Readonly<Record<string, number>>;
}

/** Brings what was chosen; a server of our own starts in the background. */
export function bringTraces(choice: TraceChoice, request: TraceRequest): Traces {
  if (choice.kind === 'given') return givenTraces(choice.url);
  return servedTraces(serverFor(choice, request), request.session);
}

function serverFor(choice: Exclude<TraceChoice, { kind: 'given' }>, request: TraceRequest): TraceServer {
  const { session, environment } = request;
  if (choice.kind === 'zipkin') {
    const onProgress = (step: string) => session.steps.say(step);
    const log = (name: string) => session.log(name);
    return zipkinServer({ ...request, log, onProgress, ledger: session.ledger });
  }
  const place = { ...request, logFile: session.log('jaeger') };
  if (choice.kind === 'jaeger') return jaegerProgram(choice.program, place);
  session.atClose(() => removeContainer(containerName(place), environment));
  return jaegerContainer(place);
}
