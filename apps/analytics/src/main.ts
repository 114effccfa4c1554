import { runService } from '@millrace/service';

await runService({
  name: 'analytics',
  load: async () => (await import('./analytics.module.js')).AnalyticsModule,
});
