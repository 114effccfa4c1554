import { context, metrics, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { resourceFromAttributes, type Resource } from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { NoopSpanProcessor, type SpanProcessor } from '@opentelemetry/sdk-trace';
import { ATTR_SERVICE_NAME, ATTR_SERVICE_VERSION } from '@opentelemetry/semantic-conventions';
import { nameTheService } from './logging/logger.js';
import { prometheusText } from './scrape/prometheus-text.js';
import { observeRuntime } from './metrics/runtime.metrics.js';
import { ScrapeReader } from './scrape/scrape-reader.js';
import { within } from './within.js';
import { readTelemetryConfig, type TelemetryConfig } from './telemetry.config.js';
import { TelemetryStartedError } from './telemetry.error.js';
import { keepingSampler, neverSampler } from './tracing/sampler.js';
import { spanProcessorsFor } from './tracing/span-processors.js';
import { setTracePolicy } from './tracing/trace-policy.js';

/** How long a shutdown waits for the last spans to leave, in milliseconds; a dead collector must not hold a drain. */
const FLUSH_DEADLINE_MS = 2000;

/** Who sends the telemetry. */
export interface TelemetryOptions {
  /** `service.name`, for example `fraud`. */
  readonly service: string;
  /** `service.version`. @default '0.0.0' */
  readonly version?: string;
  /** `deployment.environment.name`. @default DEPLOYMENT_ENVIRONMENT, or none */
  readonly environment?: string;
  /** Further span processors, for tests that look at spans. @default [] */
  readonly spanProcessors?: readonly SpanProcessor[];
}

/** The running telemetry of one process. */
export interface Telemetry {
  /** Sends what is buffered (for 2 s at most) and unhooks everything; never rejects. */
  shutdown(): Promise<void>;
  /** All metrics in Prometheus' text format (UTF-8), ending with a newline. */
  metricsText(): Promise<string>;
}

let running = false;

/**
 * Starts traces and metrics for this process; what was traced or counted before is lost.
 * Throws `TelemetryStartedError` on a second call and `ConfigError` on a malformed environment.
 */
export function startTelemetry(options: TelemetryOptions): Telemetry {
  if (running) throw new TelemetryStartedError();
  const config = readTelemetryConfig();
  nameTheService(options.service);
  if (config.disabled) return { shutdown: async () => {}, metricsText: async () => '' };
  running = true;
  return start(options, config);
}

function start(options: TelemetryOptions, config: TelemetryConfig): Telemetry {
  const resource = resourceOf(options, config);
  const reader = new ScrapeReader();
  const spanProcessors = spanProcessorsFor(config.traces, resource, options.spanProcessors);
  const exported = spanProcessors.some((processor) => !(processor instanceof NoopSpanProcessor));
  // Everything is given: what the SDK does not find here it reads from the environment, or sends to a default place.
  const sdk = new NodeSDK({
    autoDetectResources: false,
    resource,
    contextManager: new AsyncLocalStorageContextManager(),
    textMapPropagator: null,
    sampler: exported ? keepingSampler(config.samplingRatio) : neverSampler,
    spanProcessors,
    metricReaders: [reader],
    logRecordProcessors: [],
    instrumentations: [],
  });
  sdk.start();
  setTracePolicy({ continuation: config.continuation, exported });
  const forgetRuntime = observeRuntime();
  return {
    metricsText: async () => prometheusText(await reader.collect()),
    shutdown: async () => {
      if (!running) return;
      running = false;
      forgetRuntime();
      await within(FLUSH_DEADLINE_MS, Promise.allSettled([sdk.shutdown()]));
      [trace, metrics, context, propagation].forEach((api) => api.disable());
    },
  };
}

function resourceOf(options: TelemetryOptions, config: TelemetryConfig): Resource {
  const environment = options.environment ?? config.environment;
  return resourceFromAttributes({
    [ATTR_SERVICE_NAME]: options.service,
    [ATTR_SERVICE_VERSION]: options.version ?? '0.0.0',
    ...(environment === undefined ? {} : { 'deployment.environment.name': environment }),
  });
}
