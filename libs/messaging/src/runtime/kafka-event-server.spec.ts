import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, UseInterceptors, type CallHandler, type ExecutionContext } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { consumerView, FraudAssessed, OrderCreated, type ViewData } from '@millrace/contracts';
import {
  eventually,
  MemoryBroker,
  MemoryConsumerStore,
  orderCreatedRecord,
  VirtualClock,
} from '@millrace/testing/runtime';
import { of, tap } from 'rxjs';
import { FatalError } from '../api/errors.js';
import type { EventBatch, ReceivedEvent } from '../api/event-batch.js';
import {
  consumerOptionsOf,
  EventConsumer,
  MILLRACE,
  OnEachEvent,
  OnEvent,
} from '../api/event-consumer.decorator.js';
import type { EventContext } from '../api/event-context.js';
import { KafkaEventServer } from './kafka-event-server.js';

const totals = consumerView(OrderCreated, ['orderId', 'totalMinor']);
const calls: string[] = [];

class Recorder {
  intercept(context: ExecutionContext, next: CallHandler) {
    return next.handle().pipe(tap(() => calls.push(`after ${context.getHandler().name}`)));
  }
}

@EventConsumer({ group: 'fraud' })
class Batches {
  @OnEvent(totals)
  @UseInterceptors(Recorder)
  async assess({ events }: EventBatch<ViewData<typeof totals>>, { tx, group }: EventContext) {
    calls.push(`${group} ${events.length}`);
    for (const { data, key } of events) await tx.query('effect', [Object.keys(data).join(), key]);
  }
}

@EventConsumer({ group: 'fraud' })
class Singles {
  @OnEachEvent(OrderCreated)
  judge({ id, data }: ReceivedEvent<OrderCreated>) {
    calls.push(id);
    if (data.region === 'nowhere') throw new FatalError('there is no such region');
    return of('an observable');
  }
}

@EventConsumer({ group: 'fraud' })
class Decorated {
  @OnEvent(totals)
  assess(@Ctx() context: EventContext, @Payload('events') events: EventBatch['events']) {
    calls.push(`${context.group} ${events.length}`);
  }
}

@EventConsumer({ group: 'fraud' })
class Twice {
  @OnEvent(OrderCreated)
  one() {}

  @OnEvent(OrderCreated)
  two() {}
}

@Controller()
class Foreign {
  @EventPattern<string>('order.created', MILLRACE)
  undeclared() {}
}

@EventConsumer({ group: 'fraud' })
class Silent {}

describe('KafkaEventServer', () => {
  let broker: MemoryBroker;
  let store: MemoryConsumerStore;
  let clock: VirtualClock;
  let server: KafkaEventServer;

  beforeEach(() => {
    calls.length = 0;
    broker = new MemoryBroker();
    store = new MemoryConsumerStore();
    clock = new VirtualClock();
    broker.createTopic('order.created', 1);
    broker.createTopic('fraud.order.created.dlq', 1);
    broker.createTopic('fraud.order.created.replay', 1);
    server = new KafkaEventServer({
      options: { group: 'fraud' },
      broker,
      store,
      clock,
      onFatal: () => undefined,
    });
  });

  afterEach(async () => {
    await clock.runUntil(server.close());
  });

  async function run(consumer: new () => object): Promise<void> {
    const module = await Test.createTestingModule({ controllers: [consumer] }).compile();
    const app = module.createNestMicroservice({ strategy: server, logger: false });
    await app.listen();
    // Nest loads parts of its pipeline with the first call, which takes real time.
    await eventually(() => expect(server.condition().joined).toBe(true));
    await eventually(() => expect(calls).toHaveLength(broker.records('order.created').length));
  }

  it('hands fresh events to a batch handler through the pipeline of Nest, with its declared fields', async () => {
    const record = orderCreatedRecord();
    broker.append('order.created', 0, record);
    broker.append('order.created', 0, orderCreatedRecord());
    await run(Batches);
    expect(calls).toEqual(['fraud 2', 'after assess']);
    await clock.settle();
    expect(store.effects.slice(0, 2)).toEqual(['orderId,totalMinor', record.key?.toString()]);
  });

  it('leaves a handler whose parameters are decorated as it is', async () => {
    broker.append('order.created', 0, orderCreatedRecord());
    await run(Decorated);
    expect(calls).toEqual(['fraud 1']);
  });

  it('hands them over one by one, and waits for an observable', async () => {
    broker.append('order.created', 0, orderCreatedRecord(undefined, '019ca945-0a00-7c11-9a54-3d2f0c9a7b10'));
    broker.append('order.created', 0, orderCreatedRecord(undefined, '019ca945-0b00-7c11-9a54-3d2f0c9a7b11'));
    await run(Singles);
    expect(calls).toEqual(['019ca945-0a00-7c11-9a54-3d2f0c9a7b10', '019ca945-0b00-7c11-9a54-3d2f0c9a7b11']);
  });

  it('keeps the class of an error on its way out of Nest', async () => {
    const nowhere = { ...OrderCreated.examples[0]!, region: 'nowhere' };
    broker.append('order.created', 0, orderCreatedRecord(nowhere));
    await run(Singles);
    await clock.settle();
    const [letter] = broker.records('fraud.order.created.dlq');
    expect(letter?.headers).toMatchObject({ 'x-error-reason': 'FATAL', 'x-error-class': 'FatalError' });
    expect(calls).toHaveLength(1);
  });

  it('tells its condition before and after it listens', async () => {
    expect(server.condition()).toMatchObject({ group: 'fraud', joined: false, partitions: 0 });
    await run(Singles);
    expect(server.condition()).toMatchObject({ joined: true, partitions: 1 });
  });

  it.each([
    [Twice, "two handlers for 'order.created'"],
    [Foreign, "the handler for 'order.created' needs @OnEvent or @OnEachEvent"],
    [Silent, "consumer 'fraud' has no @OnEvent handler"],
  ])('refuses %p', async (consumer, problem) => {
    await expect(run(consumer)).rejects.toThrow(problem);
  });

  it('refuses options that exclude each other before anything starts', () => {
    const options = { group: 'fraud', tries: 0 };
    expect(() => new KafkaEventServer({ options, broker, store, onFatal: () => undefined })).toThrow(
      'tries must be',
    );
  });

  it('closes before it has listened', async () => {
    await clock.runUntil(server.close());
    expect(server.condition().joined).toBe(false);
  });

  it('has neither events nor a native client to give away', () => {
    expect(() => server.on()).toThrow('no transport events');
    expect(() => server.unwrap()).toThrow('not accessible');
  });
});

describe('@EventConsumer', () => {
  it('keeps the options of a class and knows no other', () => {
    expect(consumerOptionsOf(Batches)).toEqual({ group: 'fraud' });
    expect(consumerOptionsOf(Foreign)).toBeUndefined();
  });

  it('keeps the handlers of two contracts apart', () => {
    class Both {
      @OnEvent(OrderCreated)
      orders() {}

      @OnEvent(FraudAssessed)
      assessments() {}
    }
    const patterns = ['orders', 'assessments'].map((name) =>
      Reflect.getMetadata(
        'microservices:pattern',
        Object.getOwnPropertyDescriptor(Both.prototype, name)?.value,
      ),
    );
    expect(patterns).toEqual([['order.created'], ['fraud.assessed']]);
  });
});
