export { migrateService, type MigrateOptions } from './process/migrate-service.js';
