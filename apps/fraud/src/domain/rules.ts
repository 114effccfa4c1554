import type { Rule } from './rule.js';

/** The live rules, in the order in which their hits are told. */
export const rules: readonly Rule[] = [
  {
    id: 'amount.high',
    version: 1,
    description: 'The total is high for its currency, yet not very high.',
    score: 300,
    onMissing: 'review',
    fires({ currency, totalMinor }, { amounts }) {
      const limits = amounts[currency];
      return limits && totalMinor >= limits.high && totalMinor < limits.veryHigh;
    },
  },
  {
    id: 'amount.very-high',
    version: 1,
    description: 'The total is very high for its currency.',
    score: 700,
    // amount.high asks for a review already when a currency has no limits.
    onMissing: 'ignore',
    fires({ currency, totalMinor }, { amounts }) {
      const limits = amounts[currency];
      return limits && totalMinor >= limits.veryHigh;
    },
  },
  {
    id: 'customer.velocity',
    version: 1,
    description: 'The customer placed more orders around the same time than the limit.',
    score: 700,
    onMissing: 'review',
    fires({ customerOrders }, { velocity }) {
      return customerOrders === undefined ? undefined : customerOrders > velocity.limit;
    },
  },
];
