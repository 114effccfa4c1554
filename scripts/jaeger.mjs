import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const MODULE = join(ROOT, 'deploy', 'embedded', 'jaeger');
const BIN = join(ROOT, '.millrace', 'bin');
const BINARY = join(BIN, 'jaeger');
const STAMP = join(BIN, 'jaeger.sum');
const PACKAGE = 'github.com/jaegertracing/jaeger/cmd/jaeger';
const PROGRESS_EVERY_MS = 5_000;
const NO_GO =
  'Jaeger is built with Go, and there is none here: install Go 1.24 or newer (https://go.dev/dl, or the package golang-go of your system) so that `go version` answers, and run the command again.';

/** Builds Jaeger from the module in deploy/embedded/jaeger, once per go.sum, for `npm start` and the tests to find. */
const sum = sumOf('go.mod', 'go.sum');
if (existsSync(BINARY) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === sum) {
  console.log('Jaeger is there: .millrace/bin/jaeger');
} else {
  process.exitCode = await build();
}

async function build() {
  const startedAt = Date.now();
  const seconds = () => ((Date.now() - startedAt) / 1_000).toFixed(0);
  const draft = `${BINARY}.${process.pid}.new`;
  mkdirSync(BIN, { recursive: true });
  console.log('Building Jaeger (once; four to six minutes on two cores, and 2.2 GB of memory) …');
  const { failure, words } = await compile(draft, (progress) => console.log(`  ${seconds()} s: ${progress}`));
  if (failure) {
    rmSync(draft, { force: true });
    console.error([...words, failure].join('\n'));
    return 1;
  }
  renameSync(draft, BINARY);
  writeFileSync(STAMP, sum);
  console.log(`Jaeger is built (${seconds()} s): .millrace/bin/jaeger`);
  return 0;
}

/** Runs the compiler, which names each module and package as it goes; what else it says explains a failure. */
async function compile(output, report) {
  const flags = ['-mod=readonly', '-trimpath', '-ldflags', '-s -w', '-v', '-o', output];
  const child = spawn('go', ['build', ...flags, PACKAGE], {
    cwd: MODULE,
    // Without the C compiler, and for any Linux: the one file also runs in an image.
    env: { ...process.env, CGO_ENABLED: '0' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const count = { fetched: 0, compiled: 0 };
  const words = [];
  let rest = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('go: downloading ')) count.fetched += 1;
      else if (/^[\w./~-]+$/.test(line)) count.compiled += 1;
      else words.push(line);
    }
  });
  const ticker = setInterval(
    () => report(`${count.fetched} modules fetched, ${count.compiled} packages compiled`),
    PROGRESS_EVERY_MS,
  );
  const failure = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.code === 'ENOENT' ? NO_GO : `go: ${error.message}`));
    child.once('close', (code, signal) =>
      resolve(code === 0 ? '' : `Jaeger could not be built (go build ended with ${signal ?? code}).`),
    );
  });
  clearInterval(ticker);
  return { failure, words: words.slice(-12) };
}

function sumOf(...names) {
  const hash = createHash('sha256');
  for (const name of names) hash.update(readFileSync(join(MODULE, name)));
  return hash.digest('hex');
}
