import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ORDERINGS } from './arguments.mjs';
import { Refusal } from './refusal.mjs';
import { camel } from './words.mjs';

/** Longest identifier that Postgres keeps whole, and longest topic name that Kafka takes. */
const POSTGRES_NAME = 63;
const KAFKA_NAME = 249;

/** Names with another meaning in the fleet: its other programs, servers, entry points, decorators and forbidden names. */
const TAKEN = [
  ...['keeper', 'console', 'cli', 'millrace', 'postgres', 'kafka', 'kafka-controller', 'connect', 'public'],
  ...['information-schema', 'event', 'utils', 'helpers', 'common', 'default', 'test', 'nonesuch'],
  ...['break', 'case', 'catch', 'class', 'const', 'continue', 'debugger', 'delete', 'do', 'else', 'enum'],
  ...['export', 'extends', 'false', 'finally', 'for', 'function', 'if', 'import', 'in', 'instanceof', 'new'],
  ...['null', 'return', 'super', 'switch', 'this', 'throw', 'true', 'try', 'typeof', 'var', 'void', 'while'],
  ...['with', 'yield', 'let', 'static', 'implements', 'interface', 'package', 'private', 'protected'],
  ...['await', 'arguments', 'eval'],
];

/** Throws `Refusal`, with the list of what exists, unless the request can be met. */
export function checkRequest(request, fleet, root) {
  checkName(request.name, fleet, root);
  checkLength(request.name, fleet);
  const topics = fleet.topics.map(({ name, owner }) => `${name} (${owner})`).join(', ');
  if (request.topic === undefined) {
    throw new Refusal(`Say with --topic what ${request.name} reads. There are ${topics}.`);
  }
  if (!fleet.topics.some(({ name }) => name === request.topic)) {
    throw new Refusal(`There is no topic '${request.topic}' to read. There are ${topics}.`);
  }
  if (!ORDERINGS.includes(request.ordering)) {
    throw new Refusal(`There is no ordering '${request.ordering}'. There are ${ORDERINGS.join(', ')}.`);
  }
}

function checkName(name, { services, libraries, declared }, root) {
  const exist = `There are the services ${services.map((service) => service.name).join(', ')}.`;
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw new Refusal(`'${name}' is no name: write it in lower-case kebab form, like parcel-desk. ${exist}`);
  }
  if (services.some((service) => service.name === name)) {
    throw new Refusal(`There is a service ${name} already: choose another name. ${exist}`);
  }
  const reserved =
    TAKEN.includes(name) ||
    libraries.includes(name) ||
    name.startsWith('pg-') ||
    declared.includes(camel(name));
  if (reserved) {
    throw new Refusal(`The name ${name} is taken by something that is no service: choose another. ${exist}`);
  }
  if (existsSync(join(root, 'apps', name))) {
    throw new Refusal(`The folder apps/${name} exists already: remove it or choose another name. ${exist}`);
  }
}

function checkLength(name, { services, ownerRole, topicsOf, topics }) {
  const subscriptions = topics.map((topic) => ({ topic: topic.name, ordering: 'none' }));
  const own = topicsOf([{ name, port: 0, produces: [], consumes: subscriptions }]);
  const excess = Math.max(
    ownerRole(name).length - POSTGRES_NAME,
    ...own.map((topic) => topic.name.length - KAFKA_NAME),
  );
  if (excess <= 0) return;
  const exist = services.map((service) => service.name).join(', ');
  throw new Refusal(
    `The name ${name} is ${excess} characters too long for its Postgres roles and topics. There are the services ${exist}.`,
  );
}
