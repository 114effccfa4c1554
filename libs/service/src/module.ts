export { createApplication } from './module/create-application.js';
export { ServiceModule, type ServiceModuleOptions } from './module/service.module.js';
export { UNPROTECTED, type SecurityConfig } from './security/security.config.js';
export { ServiceRuntime, type RuntimeSettings } from './module/service-runtime.js';
export {
  Readiness,
  type CheckResult,
  type ReadinessCheck,
  type ReadinessReport,
} from './health/readiness.js';
export { RecurringWork, type Recurrence } from './recurring/recurring-work.js';
