import { Refusal } from './refusal.mjs';

/** The topology with one service more, last in the list. */
export function withService(text, { name, constant }) {
  const line = `import { ${constant} } from './services/${name}.topology.js';`;
  const imports = [...text.matchAll(/^import .* from '\.\/services\/(.*)\.topology\.js';$/gm)];
  const next = imports.find(([, other]) => other > name);
  const last = imports.at(-1);
  const at = next?.index ?? (last && last.index + last[0].length + 1);
  const list = /(export const topology: readonly ServiceTopology\[\] = \[)([^\]]*?),?(\s*\];)/;
  if (at === undefined || !list.test(text)) {
    throw new Refusal(
      'libs/contracts/src/topology/topology.ts has no list of services that this command understands.',
    );
  }
  const imported = `${text.slice(0, at)}${line}\n${text.slice(at)}`;
  return imported.replace(list, (_, head, services, tail) => `${head}${services}, ${constant},${tail}`);
}

/** The root's TypeScript references with one app more. */
export function withReference(text, name) {
  const config = JSON.parse(text);
  config.references.push({ path: `apps/${name}` });
  return JSON.stringify(config, null, 2);
}

/** Nest's list of projects with one app more. */
export function withProject(text, name) {
  const config = JSON.parse(text);
  const root = `apps/${name}`;
  config.projects[name] = {
    type: 'application',
    root,
    entryFile: 'main',
    sourceRoot: `${root}/src`,
    compilerOptions: { tsConfigPath: `${root}/tsconfig.json` },
  };
  return JSON.stringify(config, null, 2);
}
