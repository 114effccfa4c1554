import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Everything that the checks and the templates must know of the fleet as it is; needs libs/contracts built. */
export async function readFleet(root) {
  const contracts = await import(pathToFileURL(join(root, 'libs/contracts/dist/index.js')).href);
  const { topology, ownerRole, schemaOf, topicsOf } = contracts;
  const topics = topology.flatMap(({ name: owner, produces }) =>
    produces.map(({ name, events }) => ({ name, owner, events })),
  );
  return {
    services: topology,
    topics,
    ownerRole,
    schemaOf,
    topicsOf,
    /** Name under which @millrace/contracts exports a contract. */
    exportOf: (definition) => Object.keys(contracts).find((name) => contracts[name] === definition),
    libraries: globSync('libs/*', { cwd: root }).map((path) => path.replace(/^libs./, '')),
    declared: declaredIn(readFileSync(join(root, 'libs/contracts/src/topology/topology.ts'), 'utf8')),
    versions: versionsIn(root),
  };
}

/** Names that topology.ts declares itself. */
function declaredIn(text) {
  return [...text.matchAll(/^export (?:const|function) (\w+)/gm)].map(([, name]) => name);
}

/** Versions of all dependencies as the other apps declare them. */
function versionsIn(root) {
  const manifests = globSync('apps/*/package.json', { cwd: root }).map((path) =>
    JSON.parse(readFileSync(join(root, path), 'utf8')),
  );
  return Object.assign({}, ...manifests.flatMap((each) => [each.devDependencies, each.dependencies]));
}
