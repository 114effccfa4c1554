import { accompany } from '../harness/companion-process.js';
import type { LoadQuestion, LoadTask } from './load-task.js';
import { OrderLoad } from './order-load.js';

accompany(async (task: LoadTask) => {
  const load = new OrderLoad(task);
  return {
    answer: (question) => load.report((question as LoadQuestion).rate),
    close: async () => load.close(),
  };
});
