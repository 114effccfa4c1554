import { describe, expect, it } from '@jest/globals';
import { confirmOrder, type OrderToConfirm } from './order-confirmation.js';

function order(fields: Partial<OrderToConfirm> = {}): OrderToConfirm {
  return {
    orderId: '01993f6e-8f2b-7c11-9a54-3d2f0c9a7b10',
    customerId: 'c-1001',
    currency: 'EUR',
    totalMinor: 5_970,
    lines: [
      { sku: 'MUG-BLUE', quantity: 2, unitPriceMinor: 1_490 },
      { sku: 'TEE-M', quantity: 1, unitPriceMinor: 2_990 },
    ],
    ...fields,
  };
}

const confirm = (fields: Partial<OrderToConfirm> = {}) => confirmOrder(order(fields), 'example.com');

describe('confirmOrder', () => {
  it('writes to the customer of the order, with every line and the total', () => {
    const draft = confirm({ customer: { email: 'ada@shop.example', name: 'Ada', locale: 'en-US' } });
    expect(draft).toMatchObject({
      workflow: 'order-confirmation',
      channel: 'mail',
      recipient: 'ada@shop.example',
      locale: 'en',
      templateVersion: 1,
      subject: 'We have received your order 01993f6e-8f2b-7c11-9a54-3d2f0c9a7b10',
    });
    expect(draft.body).toContain('Hello Ada,');
    expect(draft.body).toContain('2 x MUG-BLUE, €14.90');
    expect(draft.body).toContain('1 x TEE-M, €29.90');
    expect(draft.body).toContain('Total: €59.70');
    expect(draft).not.toHaveProperty('undeliverable');
  });

  it.each([
    ['de', 'de', 'Summe: 59,70 €'],
    ['de-AT', 'de', 'Summe: 59,70 €'],
    ['en-GB', 'en', 'Total: €59.70'],
    ['fr', 'en', 'Total: €59.70'],
    [undefined, 'en', 'Total: €59.70'],
  ])('speaks to a customer of locale %s in %s', (locale, language, total) => {
    const draft = confirm({ customer: locale === undefined ? {} : { locale } });
    expect(draft.locale).toBe(language);
    expect(draft.body).toContain(total);
  });

  it('writes to an address made of the customer id when the order names none', () => {
    expect(confirm().recipient).toBe('c-1001@example.com');
    expect(confirm({ customerId: 'a\r\nBcc: x' }).recipient).toBe('a=0D=0ABcc=3A=20x@example.com');
    expect(confirm().body).toMatch(/^Hello,/);
  });

  it('sends nothing, least of all to somebody else, when the address is none', () => {
    const draft = confirm({ customer: { email: 'ada@example.com\r\nBcc: eve@example.com' } });
    expect(draft.undeliverable).toMatch(/no valid mail address/);
    expect(draft.recipient).toBe('ada@example.com Bcc: eve@example.com');
  });

  it('lets a name break no line and hide nothing', () => {
    const name = 'Ada\r\n\r\nPay here: http://x\u2028now\u202e\u0000';
    const { body, subject } = confirm({ customer: { name } });
    expect(body.split('\n')[0]).toBe('Hello Ada Pay here: http://x now,');
    expect(subject).not.toContain('Ada');
  });

  it('is the same draft for the same order', () => {
    expect(confirm()).toEqual(confirm());
  });
});
