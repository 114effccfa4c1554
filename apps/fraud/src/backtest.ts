import { backtestCommand } from './backtest/backtest.command.js';

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => stopping.abort(new Error(`stopped by ${signal}`)));
}

process.exitCode = await backtestCommand(
  process.argv.slice(2),
  {
    out: (line) => process.stdout.write(`${line}\n`),
    err: (text) => process.stderr.write(`${text}\n`),
  },
  stopping.signal,
);
