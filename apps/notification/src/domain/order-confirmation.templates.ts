import { formatMoney } from './money.js';
import type { Template } from './template.js';

/** What the mail tells; every text of it is already one clean line. */
export interface ConfirmationValues {
  readonly orderId: string;
  /** Absent when the customer gave no name. */
  readonly name?: string;
  readonly currency: string;
  readonly totalMinor: number;
  readonly lines: readonly {
    readonly sku: string;
    readonly quantity: number;
    readonly unitPriceMinor: number;
  }[];
}

function itemsOf({ lines, currency }: ConfirmationValues, locale: string): string {
  return lines
    .map(({ sku, quantity, unitPriceMinor }) => {
      return `  ${quantity} x ${sku}, ${formatMoney(unitPriceMinor, currency, locale)}`;
    })
    .join('\n');
}

const english: Template<ConfirmationValues> = {
  locale: 'en',
  version: 1,
  render: (order) => ({
    subject: `We have received your order ${order.orderId}`,
    body: [
      order.name ? `Hello ${order.name},` : 'Hello,',
      `thank you. We have received your order ${order.orderId}:`,
      itemsOf(order, 'en'),
      `Total: ${formatMoney(order.totalMinor, order.currency, 'en')}`,
      'We write again as soon as there is news.',
    ].join('\n\n'),
  }),
};

const german: Template<ConfirmationValues> = {
  locale: 'de',
  version: 1,
  render: (order) => ({
    subject: `Wir haben Ihre Bestellung ${order.orderId} erhalten`,
    body: [
      order.name ? `Guten Tag ${order.name},` : 'Guten Tag,',
      `vielen Dank. Wir haben Ihre Bestellung ${order.orderId} erhalten:`,
      itemsOf(order, 'de'),
      `Summe: ${formatMoney(order.totalMinor, order.currency, 'de')}`,
      'Wir melden uns wieder, sobald es Neues gibt.',
    ].join('\n\n'),
  }),
};

/** The languages of the order confirmation; the first is the default. */
export const confirmationTemplates: readonly [
  Template<ConfirmationValues>,
  ...Template<ConfirmationValues>[],
] = [english, german];
