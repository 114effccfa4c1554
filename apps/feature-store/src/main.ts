import { runService } from '@millrace/service';

await runService({
  name: 'feature-store',
  load: async () => (await import('./feature-store.module.js')).FeatureStoreModule,
});
