import { type ConfigOf, flag, readConfig, text, url } from '@millrace/config';
import type { Continuation } from './tracing/trace-policy.js';

/** Who takes the spans, and in which form. */
export interface TraceReceiver {
  /** `otlp`: OTLP/HTTP. `zipkin`: Zipkin's JSON, version 2. */
  readonly form: 'otlp' | 'zipkin';
  /** Complete URL that spans are posted to. */
  readonly url: string;
}

/** Variables of telemetry. */
export const telemetryVariables = {
  OTEL_TRACES_EXPORTER: text({
    choices: ['otlp', 'zipkin', 'none'],
    default: 'otlp',
    desc: 'form in which spans leave: otlp, zipkin or none',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: url({
    default: undefined,
    desc: 'base address of an OTLP/HTTP receiver',
    example: 'http://127.0.0.1:4318',
  }),
  OTEL_EXPORTER_ZIPKIN_ENDPOINT: url({
    default: 'http://127.0.0.1:9411/api/v2/spans',
    desc: "address of Zipkin's collector",
  }),
  OTEL_TRACES_SAMPLER_ARG: text({ default: '1', desc: 'share of traces to keep, 0 to 1' }),
  OTEL_SDK_DISABLED: flag({ default: false, desc: 'true: no traces and no metrics' }),
  TRACE_CONTINUATION: text({
    choices: ['parent', 'link'],
    default: 'parent',
    desc: 'whether consumers continue the trace of an event, or only link it',
  }),
  DEPLOYMENT_ENVIRONMENT: text({
    default: undefined,
    desc: 'name of the deployment',
    example: 'production',
  }),
};

/** Settings of telemetry, taken from the environment variables that OpenTelemetry has standardised. */
export interface TelemetryConfig {
  /** Undefined means that no span is exported. */
  readonly traces: TraceReceiver | undefined;
  /** Share of new traces that is kept, 0…1. @default 1 */
  readonly samplingRatio: number;
  /** True makes tracing and metrics no-ops. @default false */
  readonly disabled: boolean;
  /** How consumers continue the trace of an event. @default 'parent' */
  readonly continuation: Continuation;
  /** Name of the deployment, for example `production`. */
  readonly environment: string | undefined;
}

/** Reads the telemetry settings; throws `ConfigError` when one is malformed. */
export function readTelemetryConfig(environment?: NodeJS.ProcessEnv): TelemetryConfig {
  const config = readConfig(telemetryVariables, environment);
  return {
    traces: receiverOf(config),
    samplingRatio: ratioOf(config.OTEL_TRACES_SAMPLER_ARG),
    disabled: config.OTEL_SDK_DISABLED,
    continuation: config.TRACE_CONTINUATION,
    environment: config.DEPLOYMENT_ENVIRONMENT,
  };
}

function receiverOf(config: ConfigOf<typeof telemetryVariables>): TraceReceiver | undefined {
  if (config.OTEL_TRACES_EXPORTER === 'zipkin') {
    return { form: 'zipkin', url: config.OTEL_EXPORTER_ZIPKIN_ENDPOINT };
  }
  const base = config.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (config.OTEL_TRACES_EXPORTER === 'none' || !base) return undefined;
  return { form: 'otlp', url: `${base.replace(/\/+$/, '')}/v1/traces` };
}

function ratioOf(value: string): number {
  const ratio = Number(value);
  return Number.isFinite(ratio) ? Math.min(1, Math.max(0, ratio)) : 1;
}
