import type { FieldError } from '@millrace/service/http';

/** Refused lines that an answer lists at most. */
export const LISTED_LINES = 10_000;

/** A line that placed no order, and why. */
export interface RefusedLine {
  /** Counted from 1, blank lines included. */
  readonly line: number;
  readonly errors: readonly FieldError[];
}

/** Counts the refused lines of an import and keeps the first of them. */
export class RefusedLines {
  private readonly listed: RefusedLine[] = [];
  private counted = 0;

  constructor(private readonly limit = LISTED_LINES) {}

  /** All of them. */
  get count(): number {
    return this.counted;
  }

  /** True when not all of them are listed. */
  get cut(): boolean {
    return this.counted > this.listed.length;
  }

  add(line: number, errors: readonly FieldError[]): void {
    this.counted += 1;
    if (this.listed.length < this.limit) this.listed.push({ line, errors });
  }

  /** The listed ones by number; a line of a later group may have been refused before one of an earlier. */
  list(): RefusedLine[] {
    return this.listed.toSorted((one, other) => one.line - other.line);
  }
}
