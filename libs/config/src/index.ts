export { ConfigError } from './config.error.js';
export {
  describeVariables,
  type DeclaredVariable,
  type VariableDeclaration,
  type VariableDescription,
} from './describe-variables.js';
export { kafkaConnectionOf, kafkaVariables, type KafkaConnection } from './kafka-connection.js';
export { readConfig, type ConfigOf } from './read-config.js';
export { readTogether } from './read-together.js';
export {
  brokerList,
  milliseconds,
  positiveInteger,
  postgresUrl,
  urlsByName,
  wholeNumber,
} from './variables.js';
export { bool as flag, port, str as text, url } from 'envalid';
