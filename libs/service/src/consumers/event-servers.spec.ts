import { describe, expect, it } from '@jest/globals';
import { Module, type Type } from '@nestjs/common';
import { OrderCreated } from '@millrace/contracts';
import { ConsumerDefinitionError, EventConsumer, OnEvent } from '@millrace/messaging';
import { testApplication } from '@millrace/testing';
import { ServiceModule } from '../module.js';
import { EventServers } from './event-servers.js';

@EventConsumer({ group: 'bare' })
class FirstConsumer {
  @OnEvent(OrderCreated)
  take(): void {}
}

@EventConsumer({ group: 'bare' })
class SecondConsumer {
  @OnEvent(OrderCreated)
  take(): void {}
}

/** What connecting the consumers of a service with these controllers comes to. */
async function connecting(...controllers: Type[]): Promise<unknown> {
  @Module({ imports: [ServiceModule.forService({ name: 'bare', database: false })], controllers })
  class BareModule {}
  const app = await testApplication('bare', BareModule);
  try {
    const servers = app.get(EventServers);
    servers.connect(app, () => undefined);
    return { check: servers.check(), stuck: servers.stuck(), microservices: app.getMicroservices().length };
  } catch (error) {
    return error;
  } finally {
    await app.close();
  }
}

describe('the consumers of a service', () => {
  it('may be none', async () => {
    expect(await connecting()).toMatchObject({ microservices: 0, stuck: false });
  });

  it('need an entry in the topology, which makes their tables', async () => {
    const error = await connecting(FirstConsumer);
    expect(error).toBeInstanceOf(ConsumerDefinitionError);
    expect(error).toMatchObject({ message: expect.stringContaining('consumes nothing in its topology') });
  });

  it('are one class', async () => {
    const error = await connecting(FirstConsumer, SecondConsumer);
    expect(error).toBeInstanceOf(ConsumerDefinitionError);
    expect(error).toMatchObject({ message: expect.stringContaining('2 consumer classes') });
  });
});
