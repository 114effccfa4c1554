const TWO_TO_32 = 2 ** 32;
const NANOSECONDS = 1_000_000_000;

/** Bytes that the length of a nested message takes: always the same, so that it can be filled in afterwards. */
const LENGTH_BYTES = 3;
/** The longest message that such a length can tell. */
const LONGEST = 2 ** (7 * LENGTH_BYTES) - 1;

const VARINT = 0;
const FIXED_64 = 1;
const DELIMITED = 2;

/** Writes protobuf's wire format into one growing array of bytes: fields one after the other, messages within messages. */
export class ProtobufWriter {
  private bytes: Uint8Array;
  private at = 0;

  constructor(capacity = 64 * 1024) {
    this.bytes = new Uint8Array(capacity);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.at;
  }

  /** What was written, as a copy; afterwards the writer is empty. */
  take(): Uint8Array {
    const taken = this.bytes.slice(0, this.at);
    this.at = 0;
    return taken;
  }

  /** Forgets what was written after that length. */
  cutTo(length: number): void {
    this.at = length;
  }

  /** Writes a field of a whole number that is not negative, at most 2^53 − 1. */
  uint(field: number, value: number): void {
    this.reserve(16);
    this.varint(field * 8 + VARINT);
    this.varint(value);
  }

  /** Writes a `double` field. */
  double(field: number, value: number): void {
    this.reserve(16);
    this.varint(field * 8 + FIXED_64);
    new DataView(this.bytes.buffer).setFloat64(this.at, value, true);
    this.at += 8;
  }

  /** Writes a `fixed64` field of nanoseconds since the epoch, given as seconds and the nanoseconds beyond. */
  nanoseconds(field: number, [seconds, beyond]: readonly [number, number]): void {
    this.reserve(16);
    this.varint(field * 8 + FIXED_64);
    const low = Math.imul(seconds, NANOSECONDS) >>> 0;
    const high = Math.round((seconds * NANOSECONDS - low) / TWO_TO_32);
    const sum = low + beyond;
    this.uint32(sum >>> 0);
    this.uint32(sum >= TWO_TO_32 ? high + 1 : high);
  }

  /** Writes a text field. */
  text(field: number, value: string): void {
    this.reserve(16 + value.length * 3);
    this.varint(field * 8 + DELIMITED);
    const start = this.at;
    this.at += LENGTH_BYTES;
    this.characters(value);
    this.close(start);
  }

  /** Writes a field of bytes that are given in hexadecimal digits, lower case. */
  hex(field: number, digits: string): void {
    this.reserve(16 + digits.length);
    this.varint(field * 8 + DELIMITED);
    this.varint(digits.length / 2);
    for (let index = 0; index < digits.length; index += 2) {
      const high = DIGITS[digits.charCodeAt(index)] ?? 0;
      const low = DIGITS[digits.charCodeAt(index + 1)] ?? 0;
      this.bytes[this.at++] = (high << 4) | low;
    }
  }

  /** Writes bytes as they are, which must be whole fields. */
  raw(fields: Uint8Array): void {
    this.reserve(fields.length);
    this.bytes.set(fields, this.at);
    this.at += fields.length;
  }

  /** Writes the head of a field that holds so many bytes, which follow. */
  lengthOf(field: number, length: number): void {
    this.reserve(16);
    this.varint(field * 8 + DELIMITED);
    this.varint(length);
  }

  /** Begins a field that holds a message; `close` ends it with what this answers. */
  open(field: number): number {
    this.reserve(16);
    this.varint(field * 8 + DELIMITED);
    const start = this.at;
    this.at += LENGTH_BYTES;
    return start;
  }

  /** Ends a message by filling in its length; throws `RangeError` above 2 MiB. */
  close(start: number): void {
    const length = this.at - start - LENGTH_BYTES;
    if (length > LONGEST) throw new RangeError(`a protobuf message of ${length} bytes is too long`);
    this.bytes[start] = (length & 0x7f) | 0x80;
    this.bytes[start + 1] = ((length >>> 7) & 0x7f) | 0x80;
    this.bytes[start + 2] = (length >>> 14) & 0x7f;
  }

  private characters(value: string): void {
    const start = this.at;
    for (let index = 0; index < value.length; index += 1) {
      const code = value.charCodeAt(index);
      if (code > 0x7f) {
        this.at = start + UTF8.encodeInto(value, this.bytes.subarray(start)).written;
        return;
      }
      this.bytes[this.at++] = code;
    }
  }

  private varint(value: number): void {
    let rest = value;
    while (rest > 0x7f) {
      this.bytes[this.at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.bytes[this.at++] = rest;
  }

  private uint32(value: number): void {
    this.bytes[this.at++] = value & 0xff;
    this.bytes[this.at++] = (value >>> 8) & 0xff;
    this.bytes[this.at++] = (value >>> 16) & 0xff;
    this.bytes[this.at++] = value >>> 24;
  }

  private reserve(more: number): void {
    if (this.at + more <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.at + more));
    larger.set(this.bytes.subarray(0, this.at));
    this.bytes = larger;
  }
}

const UTF8 = new TextEncoder();

/** Values of hexadecimal digits by their character codes. */
const DIGITS = new Uint8Array(128);
for (const [value, digit] of Array.from('0123456789abcdef').entries()) DIGITS[digit.charCodeAt(0)] = value;
