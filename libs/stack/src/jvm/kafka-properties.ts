import { securedProperties } from './kafka-security.js';

/** What a broker's configuration depends on. */
export interface BrokerLayout {
  readonly data: string;
  readonly port: number;
  readonly controllerPort: number;
  /** Password of `admin` when brokers ask who calls; unset when they serve anybody. */
  readonly adminPassword?: string;
}

/** Configuration of the single node, broker and controller in one. */
export function brokerProperties(layout: BrokerLayout): Readonly<Record<string, string>> {
  const controller = `127.0.0.1:${layout.controllerPort}`;
  const protocol = layout.adminPassword === undefined ? 'PLAINTEXT' : 'SASL_PLAINTEXT';
  return {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@${controller}`,
    listeners: `${protocol}://127.0.0.1:${layout.port},CONTROLLER://${controller}`,
    'advertised.listeners': `${protocol}://127.0.0.1:${layout.port}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': protocol,
    'listener.security.protocol.map': `${protocol}:${protocol},CONTROLLER:${protocol}`,
    'log.dirs': layout.data,
    // After kill -9 the broker may not register again before its old session is over (default 9 s).
    'broker.session.timeout.ms': '6000',
    'broker.heartbeat.interval.ms': '1000',
    'auto.create.topics.enable': 'false',
    'default.replication.factor': '1',
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '3',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '3',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    // Consumers of a fresh group start at once instead of waiting three seconds for company.
    'group.initial.rebalance.delay.ms': '0',
    // The default alone takes a third of the heap.
    'log.cleaner.dedupe.buffer.size': '16777216',
    ...(layout.adminPassword === undefined ? {} : securedProperties(layout.adminPassword)),
  };
}
