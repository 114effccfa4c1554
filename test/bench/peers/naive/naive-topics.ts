import { setTimeout as pause } from 'node:timers/promises';
import { PARTITIONS } from '../../drain/drain-race.js';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { NAIVE_ORDERS } from './shared/naive-task.js';

/** Topics of the naive fleet: what its connector writes to, so that the sides do not meet. */
const TOPICS = [
  NAIVE_ORDERS,
  'naive.fraud.assessed',
  'naive.inventory.reserved',
  'naive.inventory.rejected',
] as const;

/** Makes the topics, with as many partitions as ours have. */
export async function createNaiveTopics(broker: string): Promise<void> {
  await withAdmin(broker, async (admin) => {
    const topics = TOPICS.map((topic) => ({ topic, numPartitions: PARTITIONS, replicationFactor: 1 }));
    await admin.createTopics({ topics, waitForLeaders: true });
  });
}

/** Removes the topics; resolves when the broker lists them no more. */
export async function deleteNaiveTopics(broker: string): Promise<void> {
  await withAdmin(broker, async (admin) => {
    await admin.deleteTopics({ topics: [...TOPICS] });
    const listed = async () => (await admin.listTopics()).some((topic) => topic.startsWith('naive.'));
    while (await listed()) await pause(100);
  });
}

async function withAdmin(broker: string, work: (admin: Admin) => Promise<void>): Promise<void> {
  const admin = new Kafka({ clientId: 'bench', brokers: [broker], logLevel: logLevel.ERROR }).admin();
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.disconnect();
  }
}
