import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { manifestFor } from './manifest.mjs';
import { placeholdersFor } from './placeholders.mjs';
import { withProject, withReference, withService } from './registrations.mjs';

const TEMPLATE = join(import.meta.dirname, 'template');
const TOPOLOGY = 'libs/contracts/src/topology';

/** Everything that a request writes, path (from the root) → text, formatted; nothing is written here. */
export async function planFiles(request, fleet, root) {
  const { name } = request;
  const { events } = fleet.topics.find((topic) => topic.name === request.topic);
  const [definition] = events;
  const words = placeholdersFor(request, {
    definition,
    Event: fleet.exportOf(definition),
    port: Math.max(...fleet.services.map(({ port }) => port)) + 1,
    schema: fleet.schemaOf(name),
  });
  const read = (path) => readFileSync(join(root, path), 'utf8');
  const created = new Map([
    [`apps/${name}/package.json`, manifestFor(name, fleet.versions)],
    ...templates('app').map(([path, text]) => [`apps/${name}/${fill(path, words)}`, fill(text, words)]),
    ...templates('topology').map(([path, text]) => [`${TOPOLOGY}/${fill(path, words)}`, fill(text, words)]),
  ]);
  const changed = new Map([
    [`${TOPOLOGY}/topology.ts`, withService(read(`${TOPOLOGY}/topology.ts`), words)],
    ['tsconfig.json', withReference(read('tsconfig.json'), name)],
    ['nest-cli.json', withProject(read('nest-cli.json'), name)],
  ]);
  return { words, events, created: await formatted(created, root), changed: await formatted(changed, root) };
}

/** The template files of a folder: path without `.tpl`, and text. */
function templates(folder) {
  return globSync('**/*.tpl', { cwd: join(TEMPLATE, folder) }).map((path) => [
    path.replaceAll('\\', '/').replace(/\.tpl$/, ''),
    readFileSync(join(TEMPLATE, folder, path), 'utf8'),
  ]);
}

/** Puts words in place of `{{word}}`, and in paths of `__word__`; a word that does not exist is a mistake here. */
function fill(text, words) {
  return text.replaceAll(/\{\{(\w+?)\}\}|__(\w+?)__/g, (_, inText, inPath) => {
    const word = words[inText ?? inPath];
    if (word === undefined)
      throw new Error(`a template asks for '${inText ?? inPath}', which is no placeholder`);
    return word;
  });
}

async function formatted(files, root) {
  const options = await resolveConfig(join(root, 'package.json'));
  const pairs = [...files].map(async ([path, text]) => [
    path,
    await format(text, { ...options, filepath: path }),
  ]);
  return new Map(await Promise.all(pairs));
}
