import type { BenchOutcome, BenchRow, Sample } from './benchmark.js';

const HEADINGS = ['what', 'unit', 'ours', 'peer', 'compared with', 'ratio', 'target', 'met'] as const;

/** The rows of a benchmark as a text table, each with its medians and spreads, and below it the notes. */
export function tableOf({ rows, notes }: BenchOutcome): string {
  const cells = [HEADINGS, ...rows.map(cellsOf)];
  const widths = HEADINGS.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const lines = cells.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  const [heading = '', ...body] = lines.map((line) => line.trimEnd());
  return [heading, rule, ...body, ...notes.map((note) => `  ${note}`)].join('\n');
}

function cellsOf(row: BenchRow): string[] {
  return [
    row.what,
    row.unit,
    sampleText(row.samples.ours),
    row.samples.peer ? sampleText(row.samples.peer) : '',
    row.peerName,
    row.ratio === null ? '' : row.ratio.toFixed(3),
    boundsOf(row),
    row.met === null ? '' : row.met ? 'yes' : 'NO',
  ];
}

function boundsOf({ better, target, limit, unit }: BenchRow): string {
  const sign = better === 'higher' ? '≥' : '≤';
  const bounds = [
    target === null ? [] : `${sign} ${target}`,
    limit === null ? [] : `${sign} ${limit} ${unit}`,
  ];
  return bounds.flat().join(', ');
}

function sampleText({ median, spread, values }: Sample): string {
  return values.length > 1 ? `${numberText(median)} ±${(spread * 50).toFixed(0)}%` : numberText(median);
}

function numberText(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });
}
