/** Bytes that a line may have, its line feed not counted: what the body of one order may have. */
export const LINE_LIMIT = 256 * 1024;

const LINE_FEED = 0x0a;

/** One line of a body. */
export interface Line {
  /** Counted from 1. */
  readonly number: number;
  /** What it holds, without its line feed; undefined when it is longer than the limit. */
  readonly bytes: Buffer | undefined;
}

/**
 * Cuts a body into its lines, in whatever chunks it comes. Of a line that is too long nothing is kept. Bytes are cut
 * and not text, so that a character may lie across the border of two chunks.
 */
export class LineSplitter {
  private pieces: Buffer[] = [];
  private length = 0;
  private number = 0;

  constructor(private readonly limit = LINE_LIMIT) {}

  /** The lines that end in this chunk. */
  *push(chunk: Buffer): Generator<Line> {
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
      this.keep(chunk.subarray(from, at));
      from = at + 1;
      yield this.cut();
    }
    this.keep(chunk.subarray(from));
  }

  /** What comes after the last line feed, if anything does. */
  *end(): Generator<Line> {
    if (this.length > 0) yield this.cut();
  }

  private keep(piece: Buffer): void {
    this.length += piece.length;
    if (this.length > this.limit) this.pieces = [];
    else if (piece.length > 0) this.pieces.push(piece);
  }

  private cut(): Line {
    this.number += 1;
    const bytes = this.length > this.limit ? undefined : Buffer.concat(this.pieces);
    this.pieces = [];
    this.length = 0;
    return { number: this.number, bytes };
  }
}
