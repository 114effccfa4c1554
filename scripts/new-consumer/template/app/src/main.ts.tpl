import { runService } from '@millrace/service';

await runService({
  name: '{{name}}',
  load: async () => (await import('./{{name}}.module.js')).{{Name}}Module,
});
