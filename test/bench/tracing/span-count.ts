/** Field numbers of OTLP on the way to its spans: request → resource spans → scope spans → span. */
const WAY = [1, 2, 2];

/** Counts the spans of an `ExportTraceServiceRequest` in protobuf without reading them. */
export function countSpans(bytes: Uint8Array): number {
  return countAt(bytes, 0, bytes.length, 0);
}

/** All fields on the way hold bytes: a tag, a length and that many bytes. */
function countAt(bytes: Uint8Array, start: number, end: number, depth: number): number {
  if (depth === WAY.length) return 1;
  let count = 0;
  for (let at = start; at < end;) {
    const field = (bytes[at] ?? 0) >>> 3;
    const { value: length, next } = varint(bytes, at + 1);
    if (field === WAY[depth]) count += countAt(bytes, next, next + length, depth + 1);
    at = next + length;
  }
  return count;
}

function varint(bytes: Uint8Array, start: number): { readonly value: number; readonly next: number } {
  let value = 0;
  for (let at = start, factor = 1; ; at += 1, factor *= 0x80) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return { value, next: at + 1 };
  }
}
