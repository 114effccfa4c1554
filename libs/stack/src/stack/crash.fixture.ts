import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeJson } from '../guard/json-file.js';
import { completeStackOptions } from './stack-options.js';
import { StackSession } from './stack-session.js';

/** A stack of two dummies, one of which ignores SIGTERM; prints `ready` and waits to be killed. */
const directory = process.env['STACK_DIRECTORY'] ?? '';
const session = await StackSession.open(completeStackOptions({ root: directory, directory }));

for (const [name, reaction] of [
  ['gentle', 'process.exit(0)'],
  ['stubborn', '0'],
] as const) {
  const mark = join(directory, `${name}.mark`);
  const script = `process.on('SIGTERM', () => ${reaction}); setInterval(() => 0, 1000);
    require('node:fs').writeFileSync(${JSON.stringify(mark)}, '');`;
  const added = session.supervisor.add({
    name,
    launch: () => ({ file: process.execPath, args: ['-e', script], env: {}, cwd: '/' }),
    probe: () => Promise.resolve(existsSync(mark)),
    stopSteps: [{ signal: 'SIGTERM', graceMs: 1_000 }],
    logFile: session.log(name),
    readyWithinMs: 20_000,
  });
  await added.start();
}
writeJson(join(directory, 'stack.json'), { processes: session.supervisor.living() });
process.stdout.write('ready\n');
