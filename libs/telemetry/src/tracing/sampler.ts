import {
  ParentBasedSampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
  type Sampler,
} from '@opentelemetry/sdk-trace';
import { MessagingAttribute } from './messaging-attributes.js';

/** Parent-based ratio sampling (0…1), except that spans marked with `millrace.keep` (dead letters) are always kept. */
export function keepingSampler(ratio: number): Sampler {
  const usual = new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) });
  return {
    shouldSample: (context, traceId, name, kind, attributes, links) =>
      attributes[MessagingAttribute.KEEP] === true
        ? { decision: SamplingDecision.RECORD_AND_SAMPLED }
        : usual.shouldSample(context, traceId, name, kind, attributes, links),
    toString: () => `Keeping{${usual.toString()}}`,
  };
}
