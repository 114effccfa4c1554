import { describe, expect, it } from '@jest/globals';
import { consumerView, OrderCreated } from '@millrace/contracts';
import { EventConsumer, OnEvent, type EventBatch } from '@millrace/messaging';
import { consumerMigrations, Transactions, type MigrationClass } from '@millrace/persistence';
import { orderCreated, orderCreatedRecord } from '../builders.js';
import type { ConsumerSubject } from './consumer-subject.js';
import { checkSabotaged, CONTRACT, type Sabotage } from './describe-consumer.js';
import { referenceSubject } from './reference-subject.js';
import * as sabotages from './sabotages.fixture.js';

@EventConsumer({ group: 'fraud', ordering: 'key' })
class OutsideWriter {
  constructor(private readonly transactions: Transactions) {}

  @OnEvent(consumerView(OrderCreated, ['orderId']))
  async write({ events }: EventBatch): Promise<void> {
    const ids = events.map(({ id }) => id);
    await this.transactions.read('INSERT INTO effect SELECT * FROM unnest($1::uuid[])', [ids]);
  }
}

class EffectTable1 implements InstanceType<MigrationClass> {
  readonly name = 'EffectTable1790000000001';

  async up(runner: Parameters<InstanceType<MigrationClass>['up']>[0]): Promise<void> {
    await runner.query('CREATE TABLE effect (event_id uuid NOT NULL)');
  }

  async down(): Promise<void> {}
}

/** A consumer whose effects are no part of its transactions. */
const outsideWriter: ConsumerSubject = {
  consumer: OutsideWriter,
  providers: (transactions) => [{ provide: Transactions, useValue: transactions }],
  schema: 'fraud',
  migrations: [...consumerMigrations, EffectTable1],
  event: (id) => orderCreatedRecord(orderCreated(), id),
  effects: 'SELECT event_id FROM effect',
};

const key = referenceSubject('key');
const none = referenceSubject('none');

/** For each clause a consumer, a store or a broker that does not keep it. */
const BROKEN: readonly [clause: string, what: string, subject: ConsumerSubject, sabotage: Sabotage][] = [
  ['a duplicate takes', 'an inbox that forgets', key, sabotages.forgetfulInbox],
  ['a crash before the commit', 'a consumer that writes outside of its transaction', outsideWriter, {}],
  ['a crash between', 'an inbox that forgets', key, sabotages.forgetfulInbox],
  ['a rebalance in flight', 'an inbox that forgets', key, sabotages.forgetfulInbox],
  ['a clean stop', 'offsets that are not kept', key, sabotages.forgetfulOffsets],
  ['poison bytes', 'dead letters without their bytes', key, sabotages.emptyCopies],
  ['a record without an id', 'dead letters without their bytes', key, sabotages.emptyCopies],
  ['a contract violation', 'acknowledgements that nobody notes', key, sabotages.deafToAcknowledgements],
  ['an event that fails for a while', 'parking that forgets', key, sabotages.forgetfulParking],
  ['an event that fails for a while', 'a consumer that writes outside', outsideWriter, {}],
  ['an exhausted event', 'dead letters that other consoles do not understand', key, sabotages.foreignCopies],
  ['a fatal error', 'dead letters that do not say why', key, sabotages.silentCopies],
  ['a handler that hangs', 'transactions that nobody ends', key, sabotages.endlessTransactions],
  ['an event that kills', 'acknowledgements that nobody notes', key, sabotages.deafToAcknowledgements],
  ['a crash after the dead letter', 'an inbox that forgets', none, sabotages.forgetfulInbox],
  ['a slow partition', 'a fetch that waits for the slow one', key, sabotages.oneAtATime],
  ['a failing key', 'followers that overtake', key, sabotages.overtaking],
  ['a systemic failure', 'parking that forgets', key, sabotages.forgetfulParking],
  ['a database that is away', 'a probe that sees nothing', none, sabotages.blindProbe],
  ['a broker that is away', 'a group that lets nobody return', key, sabotages.closedToReturners],
  ['a trace continues', 'copies that lose their trace', none, sabotages.tracelessCopies],
];

describe('the contract of a consumer', () => {
  it.each(BROKEN)('“%s …” notices %s', async (start, _what, subject, sabotage) => {
    const [clause, ...others] = CONTRACT.filter(({ title }) => title.startsWith(start));
    expect(others).toEqual([]);
    if (!clause) throw new Error(`no clause begins with '${start}'`);
    await expect(checkSabotaged(clause, subject, stack.postgres, sabotage)).rejects.toHaveProperty('message');
  });

  it('finds nothing wrong with a consumer in what it keeps', async () => {
    const poison = CONTRACT.filter(({ title }) => title.startsWith('poison bytes'));
    for (const clause of poison) await checkSabotaged(clause, outsideWriter, stack.postgres, {}, {});
    expect(poison).toHaveLength(1);
  });

  it('has a consumer for each clause that does not keep it', () => {
    const noticed = ({ title }: { readonly title: string }) =>
      BROKEN.some(([start]) => title.startsWith(start));
    expect(CONTRACT.filter((clause) => !noticed(clause)).map(({ title }) => title)).toEqual([]);
  });
});
