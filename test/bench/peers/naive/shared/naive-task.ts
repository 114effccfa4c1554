/** What a program of the naive fleet is started with. */
export interface NaiveTask {
  /** host:port of the broker. */
  readonly kafka: string;
  /** Connection string of a role that may read and write all `naive_…` schemas. */
  readonly database: string;
  /** Partitions that a consumer works on at once; Nest's own default is 1. */
  readonly partitionsAtOnce: number;
}

/** Topic of the naive fleet's orders; the benchmark creates it. */
export const NAIVE_ORDERS = 'naive.order.created';
