import { runService } from '@millrace/service';

await runService({ name: 'fraud', load: async () => (await import('./fraud.module.js')).FraudModule });
