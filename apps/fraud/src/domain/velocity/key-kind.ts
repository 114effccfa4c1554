import type { OrderCreated } from '@millrace/contracts';

/** Whose orders are counted together. */
export const keyKinds = ['customer', 'card', 'ip', 'device'] as const;

/** Whose orders are counted together. */
export type KeyKind = (typeof keyKinds)[number];

/** Whom DISTINCT counts among the orders of each kind of key. */
export const countedBeside: Readonly<Record<KeyKind, KeyKind>> = {
  customer: 'card',
  card: 'customer',
  ip: 'customer',
  device: 'customer',
};

/** The part of an order that says who placed it, with what and from where. */
export type Origin = Pick<OrderCreated, 'customerId' | 'payment' | 'client'>;

/** The values of an order's keys; a kind that the order does not tell is left out. */
export function keysOf({ customerId, payment, client }: Origin): Readonly<Partial<Record<KeyKind, string>>> {
  return {
    customer: customerId,
    ...(payment?.cardFingerprint === undefined ? {} : { card: payment.cardFingerprint }),
    ...(client?.ip === undefined ? {} : { ip: sameIp(client.ip) }),
    ...(client?.deviceId === undefined ? {} : { device: client.deviceId }),
  };
}

/** An IP address in the one spelling by which it is compared. */
export function sameIp(ip: string): string {
  return ip.toLowerCase();
}
