import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { readServiceEnvironment } from '../stack/service-environments.js';
import { assertService } from '../stack/stack-options.js';
import { readState } from '../stack/state-file.js';
import { StackError } from '../stack.error.js';
import { checkoutRoot } from './checkout-root.js';
import { watchNpm } from './npm-watch.js';
import { say, sayFailure } from './report.js';

process.exitCode = await main(process.argv[2], process.argv[3]);

/** Runs one service from source under a debugger, joined to the running stack; returns the exit code. */
async function main(service: string | undefined, folder: string | undefined): Promise<number> {
  try {
    const root = checkoutRoot();
    const env = joinedEnvironment(service, join(root, folder ?? '.millrace'));
    say(`${service} runs from source on http://${env['HOST']}:${env['PORT']}; a debugger can attach.`);
    await runUntilStopped(root, service ?? '', env);
    return 0;
  } catch (error) {
    sayFailure(error);
    return 1;
  }
}

function joinedEnvironment(service: string | undefined, directory: string): Readonly<Record<string, string>> {
  if (service === undefined) {
    throw new StackError('OPTIONS', 'Say which service to run, for example: npm run dev fraud.');
  }
  assertService(service);
  const state = readState(directory);
  const env = readServiceEnvironment(directory, service);
  if (!state || !env) {
    throw new StackError('PROCESS', `No stack runs here: start one with npm start -- --without ${service}.`);
  }
  if (service in state.services) {
    throw new StackError(
      'PROCESS',
      `The running stack has ${service} already: start it with npm start -- --without ${service}.`,
    );
  }
  return env;
}

async function runUntilStopped(
  root: string,
  service: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const entry = join('apps', service, 'dist', 'main.js');
  const commands = [
    [compiler, '-b', '-w', '--preserveWatchOutput', join('apps', service)],
    ['--inspect', '--enable-source-maps', '--watch', entry],
  ] as const;
  const children = commands.map((args) =>
    spawn(process.execPath, [...args], { cwd: root, env, stdio: 'inherit' }),
  );
  const stop = () => children.forEach((child) => child.kill('SIGTERM'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  const unwatch = watchNpm(['dev'], stop);
  const ends = children.map((child) => once(child, 'exit'));
  await Promise.race(ends);
  stop();
  await Promise.all(ends);
  unwatch();
}
