export { withServices } from './compose/compose-blocks.js';
export { DeploymentError } from './deployment.error.js';
export { loadConfigFiles, type ConfigFile, type Declaration } from './environment/declarations.js';
export { programsOf, type Program, type ProgramKind } from './environment/programs.js';
export { differencesOf, writeFiles, type FileDifference } from './file-differences.js';
export { generatedFiles, MANIFESTS } from './generated-files.js';
export { kafkaTopics } from './strimzi/kafka-topics.js';
export { kafkaUsers } from './strimzi/kafka-users.js';
