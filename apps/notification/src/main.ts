import { runService } from '@millrace/service';

await runService({
  name: 'notification',
  load: async () => (await import('./notification.module.js')).NotificationModule,
});
