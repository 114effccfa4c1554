export { ConfigError } from './config.error.js';
export { readConfig, type ConfigOf } from './read-config.js';
export { brokerList, milliseconds, positiveInteger, postgresUrl, urlsByName } from './variables.js';
export { bool as flag, port, str as text, url } from 'envalid';
