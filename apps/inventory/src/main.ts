import { runService } from '@millrace/service';

await runService({
  name: 'inventory',
  load: async () => (await import('./inventory.module.js')).InventoryModule,
});
