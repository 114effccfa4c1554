import type { OrderCreated } from '@millrace/contracts';
import { fallbackAddress, isMailAddress } from './mail-address.js';
import { confirmationTemplates } from './order-confirmation.templates.js';
import { oneLine } from './plain-text.js';
import { templateFor, type Rendered } from './template.js';

/** What an order must tell for its confirmation. */
export type OrderToConfirm = Pick<
  OrderCreated,
  'orderId' | 'customerId' | 'currency' | 'totalMinor' | 'lines' | 'customer'
>;

/** A notification before it is written down. */
export interface Draft extends Rendered {
  readonly workflow: string;
  readonly channel: string;
  /** One mail address, unless `undeliverable` says that there is none. */
  readonly recipient: string;
  readonly locale: string;
  readonly templateVersion: number;
  /** Why it will never be sent; absent when it can be. */
  readonly undeliverable?: string;
}

/**
 * The workflow `order-confirmation`: a mail to the customer's address, or to one made from the customer's id. An
 * address that is none makes a draft that will not be sent, rather than a mail to somebody else.
 */
export function confirmOrder(order: OrderToConfirm, fallbackDomain: string): Draft {
  const { customer = {}, customerId, orderId, currency, totalMinor, lines } = order;
  const template = templateFor(confirmationTemplates, customer.locale);
  const name = oneLine(customer.name ?? '');
  const email = customer.email?.trim();
  const deliverable = email === undefined || isMailAddress(email);
  return {
    workflow: 'order-confirmation',
    channel: 'mail',
    recipient: email === undefined ? fallbackAddress(customerId, fallbackDomain) : oneLine(email, 254),
    locale: template.locale,
    templateVersion: template.version,
    ...template.render({ orderId, currency, totalMinor, lines, ...(name && { name }) }),
    ...(!deliverable && { undeliverable: 'the order names no valid mail address' }),
  };
}
