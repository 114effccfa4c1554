import { consoleOnJava } from '../support/console-consumer.js';
import { ready } from '../support/fleet.js';
import { describeOrderFlow } from '../support/order-flow.js';

describeOrderFlow(async () => {
  await ready();
  const { services, mail, postgres, kafka } = stack;
  return { services, mail, postgres, console: { command: await consoleOnJava(), brokers: kafka } };
});
