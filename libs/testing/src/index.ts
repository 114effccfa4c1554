export { AUDIENCE, Issuer, ISSUER, type TokenWish } from './tokens/issuer.js';
export { spawnProgram, type SpawnedProgram } from './spawn-program.js';
export { testApplication } from './test-application.js';
export {
  createTestDatabase,
  testDataSource,
  type TestDatabase,
  type TestDatabaseOptions,
} from './test-database.js';
