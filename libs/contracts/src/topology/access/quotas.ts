import type { Quotas } from './principal-types.js';

const MIB = 1024 * 1024;

/**
 * Quotas of a service that says nothing else. They keep one replaying or looping service from starving the others:
 * reading is what a backlog needs, writing is retries and dead letters alone.
 */
export const SERVICE_QUOTAS: Quotas = {
  producerBytesPerSecond: 16 * MIB,
  consumerBytesPerSecond: 64 * MIB,
  requestPercent: 100,
};

/** Quotas of Kafka Connect, through which every event of the fleet goes. */
export const CONNECT_QUOTAS: Quotas = {
  producerBytesPerSecond: 64 * MIB,
  consumerBytesPerSecond: 16 * MIB,
  requestPercent: 200,
};

/** Quotas of the keeper, which writes only when it recovers a lost slot. */
export const KEEPER_QUOTAS: Quotas = {
  producerBytesPerSecond: 32 * MIB,
  consumerBytesPerSecond: 16 * MIB,
  requestPercent: 50,
};
