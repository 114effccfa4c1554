const SPACE = /[ \t\n\r]*/y;
const STRING = /"(?:[ !#-[\]-\u{10ffff}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/**
 * Where a text stops being JSON, as line and column: the parser of the platform quotes the text instead, which nobody
 * finds in a long file.
 */
export function jsonFlaw(text: string): string {
  const at = new Scanner(text).flaw();
  const lines = text.slice(0, at).split('\n');
  const column = (lines.at(-1)?.length ?? 0) + 1;
  return `line ${lines.length}, column ${column}: ${at >= text.length ? 'ends too early' : 'is no JSON here'}`;
}

/** Walks through a text as far as it is JSON. */
class Scanner {
  private at = 0;

  constructor(private readonly text: string) {}

  /** Offset of the first character that cannot stand there. */
  flaw(): number {
    if (this.value()) this.take(SPACE);
    return this.at;
  }

  /** Passes a value; false when it stopped within. */
  private value(): boolean {
    this.take(SPACE);
    const next = this.text[this.at];
    if (next === '{') return this.members('}', () => this.take(STRING) && this.sign(':') && this.value());
    if (next === '[') return this.members(']', () => this.value());
    return this.take(next === '"' ? STRING : SCALAR);
  }

  private members(end: string, member: () => boolean): boolean {
    this.at += 1;
    if (this.sign(end)) return true;
    for (;;) {
      if (!member()) return false;
      if (this.sign(end)) return true;
      if (!this.sign(',')) return false;
      this.take(SPACE);
    }
  }

  private sign(wanted: string): boolean {
    this.take(SPACE);
    if (this.text[this.at] !== wanted) return false;
    this.at += 1;
    this.take(SPACE);
    return true;
  }

  private take(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) return false;
    this.at += found.length;
    return true;
  }
}
