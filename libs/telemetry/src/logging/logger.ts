import { context, isSpanContextValid, trace } from '@opentelemetry/api';
import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';
import { serializeError } from './error-serializer.js';
import { readLogLevel } from './logger.config.js';

let service: string | undefined;
let root: Logger | undefined;

/** Writes the service's name into every line from now on. */
export function nameTheService(name: string): void {
  service = name;
}

/** The logger of one part of a program, named in every line: JSON lines on stdout, level from LOG_LEVEL (default info). */
export function logger(name: string): Logger {
  root ??= createLogger(readLogLevel());
  return root.child({ name });
}

/** Makes a logger of the fleet's shape that writes to the given stream; programs use `logger()`. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: (error: unknown) => serializeError(error) },
    mixin: whereItHappened,
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

function whereItHappened(): object {
  const spanContext = trace.getSpanContext(context.active());
  const named = service === undefined ? {} : { service };
  if (spanContext === undefined || !isSpanContextValid(spanContext)) return named;
  return { ...named, trace_id: spanContext.traceId, span_id: spanContext.spanId };
}
