import { migrateService } from '@millrace/service/migrate';
import { migrations } from './migrations/index.js';

await migrateService({ name: '{{name}}', migrations });
