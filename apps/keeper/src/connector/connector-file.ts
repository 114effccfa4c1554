import { readFile } from 'node:fs/promises';

/** Settings of a connector by name, as Kafka Connect takes them: texts only. */
export type ConnectorConfig = Readonly<Record<string, string>>;

/** The connector file cannot be used; the message says what is wrong with it. */
export class ConnectorFileError extends Error {
  readonly code = 'CONNECTOR_FILE';

  constructor(path: string, problem: string) {
    super(
      `The connector file ${path} ${problem}. Give CONNECTOR_FILE the path of deploy/connect/outbox-connector.json.`,
    );
    this.name = 'ConnectorFileError';
  }
}

/** Reads a connector's settings: a flat JSON object of texts. Throws `ConnectorFileError`. */
export async function readConnectorFile(path: string): Promise<ConnectorConfig> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new ConnectorFileError(path, 'cannot be read');
  });
  const settings = parsed(path, text);
  if (!isFlatMap(settings)) throw new ConnectorFileError(path, 'is no flat JSON object of texts');
  return settings;
}

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ConnectorFileError(path, 'is no JSON');
  }
}

function isFlatMap(value: unknown): value is ConnectorConfig {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((setting) => typeof setting === 'string')
  );
}
