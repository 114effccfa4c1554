import { parseArgs } from 'node:util';
import { ConfigError, kafkaConnectionOf } from '@millrace/config';
import { schemaOf } from '@millrace/contracts';
import { createKafkaBroker } from '@millrace/messaging';
import { createDataSource, Transactions } from '@millrace/persistence';
import type { Outcome } from '../domain/judgement.js';
import { Ruleset } from '../domain/ruleset.js';
import { readRulesetFile } from '../rulesets/ruleset-file.js';
import { sha256 } from '../rulesets/sha256.js';
import { readBacktestConfig } from './backtest.config.js';
import { backtest, type BacktestResult } from './backtest.js';

/** What `--help` says. */
export const BACKTEST_USAGE = `usage: DATABASE_URL=… KAFKA_BROKERS=… node apps/fraud/dist/backtest.js --rules FILE

Lets the rule set of a JSON file judge every order that is still on the log, and compares it with what was
decided live. Nothing live is touched: it works in temporary tables of one transaction, as the role of the
service, and commits no offset. Run it beside the service.

  --rules FILE   the candidate, a file as FRAUD_RULESET_FILE takes it
  --help         this text

stdout  one JSON object a line: { orderId, live, candidate, score, hits } for each order that would be decided
        otherwise, in the order of the live decisions, and at last { ruleset, orders, undecided, unreadable, confusion }
stderr  the confusion matrix as a table
exit    0 when it was compared, whatever it found; 1 when it could not be; 2 when the command was not understood

Orders are judged in the order of their live decisions. Orders of before the log's beginning are not counted, so its
first hours look calmer than they were; lists are taken as they are now.`;

/** Where the command writes to. */
export interface BacktestOutput {
  readonly out: (line: string) => void;
  readonly err: (text: string) => void;
}

const [DONE, FAILED, NOT_UNDERSTOOD] = [0, 1, 2] as const;
const OUTCOMES: readonly Outcome[] = ['approve', 'review', 'decline'];

/** Runs the command; resolves with its exit code. */
export async function backtestCommand(
  args: readonly string[],
  { out, err }: BacktestOutput,
  signal?: AbortSignal,
): Promise<number> {
  const { help, rules, problem } = argumentsOf(args);
  if (help) {
    out(BACKTEST_USAGE);
    return DONE;
  }
  if (rules === undefined) {
    err(`${problem ?? 'Say which rule file to test: --rules FILE'}\n\n${BACKTEST_USAGE}`);
    return NOT_UNDERSTOOD;
  }
  try {
    const ruleset = new Ruleset(readRulesetFile(rules, '--rules'), sha256);
    const result = await compared(ruleset, out, signal);
    out(JSON.stringify(result));
    err(confusionTable(result));
    return DONE;
  } catch (error) {
    err(`backtest: ${error instanceof ConfigError ? error.message : reasonOf(error)}`);
    return FAILED;
  }
}

interface Arguments {
  readonly help?: boolean | undefined;
  readonly rules?: string | undefined;
  readonly problem?: string;
}

function argumentsOf(args: readonly string[]): Arguments {
  try {
    const options = { rules: { type: 'string' }, help: { type: 'boolean' } } as const;
    return parseArgs({ args: [...args], options, strict: true }).values;
  } catch (error) {
    return { problem: reasonOf(error) };
  }
}

async function compared(
  ruleset: Ruleset,
  out: BacktestOutput['out'],
  signal?: AbortSignal,
): Promise<BacktestResult> {
  const config = readBacktestConfig();
  const dataSource = createDataSource({
    ...{ url: config.DATABASE_URL, schema: schemaOf('fraud'), applicationName: 'fraud-backtest' },
    ...{ poolSize: 1, statementTimeoutMs: 0 },
  });
  const broker = createKafkaBroker({ clientId: 'fraud', ...kafkaConnectionOf(config) });
  await dataSource.initialize();
  try {
    const place = { transactions: new Transactions(dataSource), broker, ...(signal && { signal }) };
    return await backtest(ruleset, place, (difference) => out(JSON.stringify(difference)));
  } finally {
    await broker.close();
    await dataSource.destroy();
  }
}

/** The matrix for people: live outcomes down, the candidate's across. */
export function confusionTable({ orders, undecided, unreadable, confusion }: BacktestResult): string {
  const count = (live: Outcome, candidate: Outcome) =>
    confusion.find((pair) => pair.live === live && pair.candidate === candidate)?.orders ?? 0;
  const line = (cells: readonly (string | number)[]) =>
    cells.map((cell) => String(cell).padStart(10)).join('');
  return [
    line(['live', ...OUTCOMES]),
    ...OUTCOMES.map((live) => line([live, ...OUTCOMES.map((candidate) => count(live, candidate))])),
    `${orders} orders, ${undecided} without a live decision, ${unreadable} unreadable records`,
  ].join('\n');
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
