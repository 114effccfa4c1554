import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArguments, USAGE } from './new-consumer/arguments.mjs';
import { checkRequest } from './new-consumer/check-names.mjs';
import { planFiles } from './new-consumer/plan-files.mjs';
import { readFleet } from './new-consumer/read-fleet.mjs';
import { Refusal } from './new-consumer/refusal.mjs';

const ROOT = join(import.meta.dirname, '..');
const REFUSED = 2;

process.exitCode = await main(process.argv.slice(2));

/** Writes a new consumer; returns the exit code: 2 when the request is refused, and then nothing was written. */
async function main(args) {
  try {
    const request = parseArguments(args);
    if (request.help) console.log(USAGE);
    return request.help ? 0 : await create(request);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    console.error(error.message);
    return REFUSED;
  }
}

async function create(request) {
  const fleet = await readFleet(ROOT);
  checkRequest(request, fleet, ROOT);
  const plan = await planFiles(request, fleet, ROOT);
  for (const [path, text] of [...plan.created, ...plan.changed]) write(path, text);
  const locked = npm(request.install ? [] : ['--package-lock-only']);
  const generated = request.install && locked && generate();
  report(request, plan, { locked, generated });
  return locked && (generated || !request.install) ? 0 : 1;
}

/** Writes what follows from the topology: topics, rights, manifests, compose services, reference pages. */
function generate() {
  const scripts = ['scripts/build.mjs', 'libs/deployment/dist/bin/generate.js'];
  return scripts.every(
    (script) =>
      spawnSync(process.execPath, [script], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] }).status ===
      0,
  );
}

function write(path, text) {
  mkdirSync(dirname(join(ROOT, path)), { recursive: true });
  writeFileSync(join(ROOT, path), text);
}

/** Links the new workspace and writes it into the lock. Every package that it needs is installed: no network is asked. */
function npm(options) {
  const args = ['install', ...options, '--offline', '--ignore-scripts', '--loglevel=error'];
  const { status } = spawnSync('npm', args, {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  return status === 0;
}

function report(
  { name, topic, ordering, install },
  { words, events, created, changed },
  { locked, generated },
) {
  const written = [...created.keys()]
    .toSorted((one, other) => one.localeCompare(other))
    .map((path) => `  ${path}`);
  const others = events.slice(1).map(({ type }) => type);
  const next = [
    ...(locked && install ? [] : [['npm install', 'links the new workspace']]),
    ...(generated ? [] : [['npm run generate', 'writes its manifests, rights, topics and alerts']]),
    [`npm test -- --testPathPatterns apps/${name}/`, 'its tests, on a real Postgres'],
    [
      'npm start',
      `runs it with the fleet: GET http://127.0.0.1:${words.port}/${words.things}/<${words.key}>`,
    ],
  ];
  const width = Math.max(...next.map(([command]) => command.length));
  console.log(
    [
      `${name} reads ${topic} as the group ${name}, ordering ${ordering}. Written:`,
      ...written,
      `Changed: ${[...changed.keys(), 'package-lock.json'].join(', ')}`,
      ...(others.length > 0 ? [`${topic} also carries ${others.join(', ')}: add a handler for each.`] : []),
      '\nNext:',
      ...next.map(([command, what]) => `  ${command.padEnd(width)}  ${what}`),
      `  Its rule is in apps/${name}/src/domain, its SQL in store, its topic and ordering in ${name}.consumer.ts and`,
      `  libs/contracts/src/topology/services/${name}.topology.ts: make them your own.`,
    ].join('\n'),
  );
}
