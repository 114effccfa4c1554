import type { KafkaMessage } from 'kafkajs';
import type { BrokerRecord } from '../ports/broker.port.js';

/** The port's form of a message that kafkajs fetched. */
export function brokerRecordOf(topic: string, partition: number, message: KafkaMessage): BrokerRecord {
  return {
    topic,
    partition,
    offset: BigInt(message.offset),
    key: message.key,
    value: message.value,
    headers: message.headers ?? {},
    timestamp: Number(message.timestamp),
  };
}
