import {
  ParentBasedSampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
  type Sampler,
} from '@opentelemetry/sdk-trace';
import { MessagingAttribute } from './messaging/messaging-attributes.js';

/** Samples nothing: spans have ids, for logs and answers, and cost little more. */
export const neverSampler: Sampler = {
  shouldSample: () => ({ decision: SamplingDecision.NOT_RECORD }),
  toString: () => 'Never',
};

/** Parent-based ratio sampling (0…1), except that spans marked with `millrace.keep` (dead letters, failures) are always kept. */
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
