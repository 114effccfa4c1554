import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const SEPARATOR = '\u0001';

/** A record as Kafka's own console consumer prints it. */
export interface ConsoleRecord {
  readonly headers: readonly (readonly [string, string])[];
  readonly key: string;
  readonly value: string;
}

/** The command that starts the console consumer: on this machine's Java, or in a container. */
export type ConsoleCommand = readonly [program: string, ...args: string[]];

/** The console consumer of the jars that the embedded stack resolved. */
export async function consoleOnJava(): Promise<ConsoleCommand> {
  return ['java', '-cp', await classPath(), 'org.apache.kafka.tools.consumer.ConsoleConsumer'];
}

/**
 * Reads a topic from its beginning with the Java client's console consumer, which shares no code with the
 * fleet, until the record with that event id comes.
 */
export async function consumeWithConsole(
  [program, ...command]: ConsoleCommand,
  brokers: string,
  topic: string,
  eventId: string,
): Promise<ConsoleRecord> {
  const child = spawn(
    program,
    [
      ...command,
      ...['--bootstrap-server', brokers, '--topic', topic, '--from-beginning', '--timeout-ms', '120000'],
      ...[
        'print.headers=true',
        'print.key=true',
        'headers.separator=\u0002',
        `key.separator=${SEPARATOR}`,
      ].flatMap((property) => ['--formatter-property', property]),
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  try {
    let text = '';
    for await (const chunk of child.stdout) {
      text += String(chunk);
      const whole = text.split('\n').slice(0, -1);
      const line = whole.find((candidate) => candidate.includes(`ce_id:${eventId}\u0002`));
      if (line !== undefined) return parse(line);
    }
  } finally {
    child.kill('SIGKILL');
  }
  throw new Error(`event ${eventId} is not on ${topic}`);
}

function parse(line: string): ConsoleRecord {
  const [headers = '', key = '', ...value] = line.split(SEPARATOR);
  return {
    headers: headers.split('\u0002').map((header) => {
      const colon = header.indexOf(':');
      return [header.slice(0, colon), header.slice(colon + 1)] as const;
    }),
    key,
    value: value.join(SEPARATOR),
  };
}

async function classPath(): Promise<string> {
  const jars = join(ROOT, '.millrace', 'jars');
  const resolved = (await readdir(jars, { withFileTypes: true })).find((entry) => entry.isDirectory());
  if (!resolved) throw new Error('no jars below .millrace/jars: the stack resolves them at its first start');
  return join(jars, resolved.name, '*');
}
