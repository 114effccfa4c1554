import { parseArgs } from 'node:util';
import { Refusal } from './refusal.mjs';

/** Orderings that a consumer may ask for; the first is the default. */
export const ORDERINGS = ['key', 'none', 'partition'];

/** What the command understands, a line each. */
export const USAGE = `npm run new:consumer -- <name> --topic <topic> [options]
  <name>              name of the service and its group, in lower-case kebab form: shipping, parcel-desk
  --topic TOPIC       topic that it reads, for example order.created
  --ordering ORDER    what stays in order: key (default: the events of one key), none or partition
  --no-install        leaves node_modules as it is; run npm install and npm run generate afterwards
  --help              shows this list`;

/** Reads the arguments; throws `Refusal` for what is not understood. Whether the names are right is not judged here. */
export function parseArguments(args) {
  const { values, positionals } = parse(args);
  if (values.help) return { help: true };
  if (positionals.length !== 1) {
    const given = positionals.length === 0 ? 'none was given' : `${positionals.join(', ')} were given`;
    throw new Refusal(`Say one name for the consumer; ${given}.\n${USAGE}`);
  }
  return {
    help: false,
    name: positionals[0],
    topic: values.topic,
    ordering: values.ordering ?? ORDERINGS[0],
    install: values.install,
  };
}

function parse(args) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      allowNegative: true,
      options: {
        topic: { type: 'string' },
        ordering: { type: 'string' },
        install: { type: 'boolean', default: true },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    const [first = ''] = error.message.split('. ');
    throw new Refusal(`${first}.\n${USAGE}`);
  }
}
