import { describe, expect, it } from '@jest/globals';
import { catalogue } from './catalogue.js';
import { consumerView, UNKNOWN } from './consumer-view.js';
import { ContractViolationError } from './contract-violation.error.js';
import { FraudAssessed } from './fraud/fraud-assessed.v1.js';
import { OrderCreated } from './orders/order-created.v1.js';

const order = OrderCreated.examples[1]!;
const assessment = FraudAssessed.examples[0]!;

describe('a consumer view', () => {
  for (const definition of catalogue) {
    it.each(definition.examples.map((example, index) => [index, example] as const))(
      `reads example %i of ${definition.type} whole`,
      (_, example) => {
        expect(consumerView(definition).read(example)).toEqual(example);
      },
    );
  }

  it('ignores fields that the contract does not know, at every depth', () => {
    const newer = {
      ...order,
      coupon: 'X',
      customer: { ...order.customer, title: 'Dr' },
      lines: order.lines.map((line) => ({ ...line, weight: 3 })),
    };
    expect(consumerView(OrderCreated).read(newer)).toEqual(order);
  });

  it('gives the declared fields only', () => {
    const view = consumerView(OrderCreated, ['orderId', 'lines']);
    expect(view.fields).toEqual(['orderId', 'lines']);
    expect(view.read(order)).toEqual({ orderId: order.orderId, lines: order.lines });
  });

  it('does not demand what it does not declare', () => {
    const view = consumerView(OrderCreated, ['orderId']);
    expect(view.read({ orderId: order.orderId, totalMinor: 'broken' })).toEqual({ orderId: order.orderId });
  });

  it('demands what it declares', () => {
    const { region: _absent, ...rest } = order;
    expect(() => consumerView(OrderCreated, ['region']).read(rest)).toThrow(ContractViolationError);
  });

  it('leaves an optional field out that is absent', () => {
    expect(consumerView(OrderCreated, ['orderId', 'customer']).read(OrderCreated.examples[0])).toEqual({
      orderId: OrderCreated.examples[0]!.orderId,
    });
  });

  it('refuses a declared field of the wrong type', () => {
    expect(() => consumerView(OrderCreated, ['totalMinor']).read({ totalMinor: '5970' })).toThrow(
      ContractViolationError,
    );
  });

  it('reads an enum value that it does not know as UNKNOWN', () => {
    const view = consumerView(FraudAssessed, ['orderId', 'outcome']);
    expect(view.read({ ...assessment, outcome: 'escalate' })).toEqual({
      orderId: assessment.orderId,
      outcome: UNKNOWN,
    });
  });

  it('refuses an enum value that is no text', () => {
    expect(() => consumerView(FraudAssessed, ['outcome']).read({ ...assessment, outcome: 3 })).toThrow(
      ContractViolationError,
    );
  });

  it.each([null, 'text', 7, [order]])('refuses a payload that is no object: %j', (payload) => {
    expect(() => consumerView(OrderCreated).read(payload)).toThrow(ContractViolationError);
  });
});
