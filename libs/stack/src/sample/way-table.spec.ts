import { describe, expect, it } from '@jest/globals';
import type { OrderWay } from './order-way.js';
import { isComplete, wayTable } from './way-table.js';

const way: OrderWay = {
  accepted: 12.34,
  committed: 9.1,
  captured: 17,
  effects: [{ service: 'fraud', received: 19.06, committed: 23.5 }],
};

describe('the way of an order', () => {
  it('is a table with one line per hop and the trace', () => {
    expect(wayTable(way, 'abc')).toEqual([
      '                                                ms since the request',
      '  order          accepted: HTTP 201 arrived         12.3',
      '  order          committed with its outbox row       9.1',
      '  Kafka Connect  captured onto order.created        17.0',
      '  fraud          received                           19.1',
      '  fraud          effect committed                   23.5',
      '',
      '  trace abc',
    ]);
    expect(isComplete(way)).toBe(true);
  });

  it('says what was not seen, and is then not complete', () => {
    const lost: OrderWay = {
      ...way,
      effects: [{ service: 'fraud', received: undefined, committed: undefined }],
    };
    expect(wayTable(lost, 'abc').join('\n')).toMatch(/fraud +effect committed +not seen/);
    expect(isComplete(lost)).toBe(false);
    expect(isComplete({ ...way, captured: undefined })).toBe(false);
  });
});
