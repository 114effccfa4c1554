import { flag, readConfig, text, url } from '@millrace/config';

/** Variables of telemetry. */
export const telemetryVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: url({
    default: undefined,
    desc: 'base address of an OTLP/HTTP receiver',
    example: 'http://127.0.0.1:4318',
  }),
  OTEL_TRACES_SAMPLER_ARG: text({ default: '1', desc: 'share of traces to keep, 0 to 1' }),
  OTEL_SDK_DISABLED: flag({ default: false, desc: 'true: no traces and no metrics' }),
  DEPLOYMENT_ENVIRONMENT: text({
    default: undefined,
    desc: 'name of the deployment',
    example: 'production',
  }),
};

/** Settings of telemetry, taken from the environment variables that OpenTelemetry has standardised. */
export interface TelemetryConfig {
  /** Base address of an OTLP/HTTP receiver without `/v1/traces`; undefined means that nothing is exported. */
  readonly tracesEndpoint: string | undefined;
  /** Share of new traces that is kept, 0…1. @default 1 */
  readonly samplingRatio: number;
  /** True makes tracing and metrics no-ops. @default false */
  readonly disabled: boolean;
  /** Name of the deployment, for example `production`. */
  readonly environment: string | undefined;
}

/** Reads the telemetry settings; throws `ConfigError` when one is malformed. */
export function readTelemetryConfig(environment?: NodeJS.ProcessEnv): TelemetryConfig {
  const config = readConfig(telemetryVariables, environment);
  return {
    tracesEndpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT || undefined,
    samplingRatio: ratioOf(config.OTEL_TRACES_SAMPLER_ARG),
    disabled: config.OTEL_SDK_DISABLED,
    environment: config.DEPLOYMENT_ENVIRONMENT || undefined,
  };
}

function ratioOf(value: string): number {
  const ratio = Number(value);
  return Number.isFinite(ratio) ? Math.min(1, Math.max(0, ratio)) : 1;
}
