import { runService } from '@millrace/service';

await runService({ name: 'order', load: async () => (await import('./order.module.js')).OrderModule });
