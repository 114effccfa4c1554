export { runService, type ServiceOptions } from './process/run-service.js';
