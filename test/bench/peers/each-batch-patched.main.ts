import { Kafka } from 'kafkajs';
import { contest } from '../harness/contestant-process.js';
import type { DrainTask } from '../drain/drain-task.js';
import { drainByEachBatch } from './each-batch.js';

contest((task: DrainTask) => drainByEachBatch(task, (config) => new Kafka(config)));
