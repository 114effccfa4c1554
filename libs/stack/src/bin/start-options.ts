import { parseArgs } from 'node:util';
import { topology } from '@millrace/contracts';
import { messageOf, StackError } from '../stack.error.js';
import { assertService, type StackMode } from '../stack/stack-options.js';

/** What the start command was asked. */
export interface StartOptions {
  readonly once: boolean;
  readonly fresh: boolean;
  readonly help: boolean;
  readonly mode: StackMode;
  /** Services to start. */
  readonly services: readonly string[];
  readonly scale: Readonly<Record<string, number>>;
  /** Folder of data and logs; unset: `.millrace` of the checkout. */
  readonly directory?: string;
}

/** The options of the start command, a line each. */
export const START_USAGE = `npm start -- [options]
  --once              stops after the sample order; exit code 0 only if every effect was seen
  --fresh             forgets the data of earlier runs first
  --stack MODE        embedded (default), docker or external
  --without SERVICE   leaves a service out; may be repeated
  --scale SERVICE=N   runs N instances of a service; may be repeated
  --dir FOLDER        folder for data and logs instead of .millrace
  --help              shows this list`;

/** Reads the arguments; throws `StackError` OPTIONS, with the list of options, for what it does not know. */
export function parseStartOptions(args: readonly string[]): StartOptions {
  const values = parse(args);
  const left = values.without ?? [];
  left.forEach(assertService);
  const base = {
    once: values.once ?? false,
    fresh: values.fresh ?? false,
    help: values.help ?? false,
    mode: modeOf(values.stack ?? 'embedded'),
    services: topology.map(({ name }) => name).filter((name) => !left.includes(name)),
    scale: Object.fromEntries((values.scale ?? []).map(scaleOf)),
  };
  return values.dir === undefined ? base : { ...base, directory: values.dir };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        once: { type: 'boolean' },
        fresh: { type: 'boolean' },
        help: { type: 'boolean' },
        stack: { type: 'string' },
        without: { type: 'string', multiple: true },
        scale: { type: 'string', multiple: true },
        dir: { type: 'string' },
      },
    }).values;
  } catch (error) {
    const [first = ''] = messageOf(error).split('. ');
    throw new StackError('OPTIONS', `${first}. These are the options:`, START_USAGE.split('\n'));
  }
}

function modeOf(text: string): StackMode {
  const modes = ['embedded', 'docker', 'external'] as const;
  const mode = modes.find((known) => known === text);
  if (!mode)
    throw new StackError('OPTIONS', `There is no stack '${text}': choose one of ${modes.join(', ')}.`);
  return mode;
}

function scaleOf(text: string): readonly [string, number] {
  const match = /^([a-z0-9-]+)=(\d{1,2})$/.exec(text);
  if (!match)
    throw new StackError(
      'OPTIONS',
      `'--scale ${text}' is not understood: say for example --scale inventory=2.`,
    );
  const [, service = '', instances] = match;
  assertService(service);
  return [service, Number(instances)];
}
