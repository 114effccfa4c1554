import { findJaeger } from './jaeger-program.js';
import { hasJaegerImage } from './jaeger-image.js';

/** Where traces can go: somebody else's receiver (null: nowhere), a program, a container, or Zipkin's server. */
export type TraceChoice =
  | { readonly kind: 'given'; readonly url: string | null }
  | { readonly kind: 'jaeger'; readonly program: string }
  | { readonly kind: 'image' }
  | { readonly kind: 'zipkin' };

/** Where to look. */
export interface TraceSearch {
  /** Folder of the checkout. */
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly say: (sentence: string) => void;
  /** Ends the search when it fires. */
  readonly signal?: AbortSignal | undefined;
}

const ZIPKIN_DEFAULT = 'http://127.0.0.1:9411';

/**
 * The first of these that is there: a receiver that the environment names, a Jaeger program, Jaeger's image, Zipkin.
 * Throws `StackError` OPTIONS when JAEGER_BINARY names no Jaeger.
 */
export async function chooseTraces(search: TraceSearch): Promise<TraceChoice> {
  const given = givenReceiver(search.environment);
  if (given !== undefined) return { kind: 'given', url: given };
  const program = await findJaeger(search);
  if (program !== undefined) return { kind: 'jaeger', program };
  return (await hasJaegerImage(search)) ? { kind: 'image' } : { kind: 'zipkin' };
}

/** Base URL of the receiver that OpenTelemetry's variables name; null when they say none, undefined when nothing. */
function givenReceiver(environment: NodeJS.ProcessEnv): string | null | undefined {
  const exporter = environment['OTEL_TRACES_EXPORTER'];
  if (exporter === 'none') return null;
  if (exporter === 'zipkin')
    return new URL(environment['OTEL_EXPORTER_ZIPKIN_ENDPOINT'] || ZIPKIN_DEFAULT).origin;
  return environment['OTEL_EXPORTER_OTLP_ENDPOINT'] || undefined;
}
