/** What the source of load is started with. */
export interface LoadTask {
  /** URL of the order service. */
  readonly url: string;
  /** Connections, each with one request at a time. */
  readonly connections: number;
}

/** What it is asked: to go on at a rate, and to tell what happened since it was asked last. */
export interface LoadQuestion {
  /** Orders per second that become due from now on. */
  readonly rate: number;
}

/** One of the orders that were accepted. */
export interface SampledOrder {
  readonly eventId: string;
  /** When it was accepted, milliseconds since the epoch. */
  readonly at: number;
}

/** What happened since it was asked last. */
export interface LoadReport {
  readonly accepted: number;
  /** Orders that were answered with anything but 201, or not at all. */
  readonly failed: number;
  /** How long the oldest order that is not answered has been due, in milliseconds, sent or not. */
  readonly waitingMs: number;
  readonly samples: readonly SampledOrder[];
}
