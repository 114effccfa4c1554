import { MetricReader } from '@opentelemetry/sdk-metrics';

/** A metric reader that is only ever asked: the service's own HTTP server serves what `collect()` returns. */
export class ScrapeReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}

  protected override async onShutdown(): Promise<void> {}
}
