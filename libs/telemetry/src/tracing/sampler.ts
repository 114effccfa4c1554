import { trace, TraceFlags } from '@opentelemetry/api';
import { SamplingDecision, TraceIdRatioBasedSampler, type Sampler } from '@opentelemetry/sdk-trace';
import { MessagingAttribute } from './messaging/messaging-attributes.js';

const KEPT = { decision: SamplingDecision.RECORD_AND_SAMPLED };
const DROPPED = { decision: SamplingDecision.NOT_RECORD };

/** Samples nothing: spans have ids, for logs and answers, and cost little more. */
export const neverSampler: Sampler = {
  shouldSample: () => DROPPED,
  toString: () => 'Never',
};

/**
 * Parent-based ratio sampling (0…1), except that spans marked with `millrace.keep` (dead letters, failures) are always
 * kept. The SDK's own sampler checks the ids of every parent anew; ours were checked when they were read.
 */
export function keepingSampler(ratio: number): Sampler {
  const root = new TraceIdRatioBasedSampler(ratio);
  return {
    shouldSample: (context, traceId, _name, _kind, attributes) => {
      if (attributes[MessagingAttribute.KEEP] === true) return KEPT;
      const parent = trace.getSpanContext(context);
      if (parent === undefined) return ratio >= 1 ? KEPT : root.shouldSample(context, traceId);
      return (parent.traceFlags & TraceFlags.SAMPLED) === 0 ? DROPPED : KEPT;
    },
    toString: () => `Keeping{${root.toString()}}`,
  };
}
