import type { Usage } from '../cost/process-usage.js';

/** A stretch of load. */
export interface LoadPhase {
  readonly seconds: number;
  /** Keep-alive connections, each with one request at a time. */
  readonly connections: number;
  /**
   * Orders per second, sent on schedule whatever the answers do; without it every connection sends its next order as
   * soon as the last one is answered.
   */
  readonly perSecond?: number;
}

/** What the load generator is to do. */
export interface LoadTask {
  /** Base address of the service. */
  readonly url: string;
  /** One after the other, over connections of their own. */
  readonly phases: readonly LoadPhase[];
  /** Name → pid of what else is at work: its CPU time is noted with each phase. */
  readonly watched: Readonly<Record<string, number>>;
}

/** What one phase came to; milliseconds unless said. */
export interface PhaseMeasure {
  /** Orders answered with 201 and an id, also those answered after the last was sent. */
  readonly orders: number;
  /** Lines of these orders. */
  readonly lines: number;
  /** Orders that were answered while the phase lasted, per second. */
  readonly perSecond: number;
  /** Latency: from the moment a request was due, when there is a schedule, and otherwise from its sending. */
  readonly p50: number;
  readonly p99: number;
  /** First sending and last answer, since 1970. */
  readonly from: number;
  readonly until: number;
  /** Usage of what was watched and of the generator itself, which is `load`; empty where the system does not tell. */
  readonly usage: Readonly<Record<string, Usage>>;
}

/** What the load generator measured. */
export interface LoadMeasure {
  readonly phases: readonly PhaseMeasure[];
}
