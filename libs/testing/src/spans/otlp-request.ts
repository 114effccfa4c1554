/** A span as a receiver of OTLP gets it. */
export interface ReceivedSpan {
  /** `service.name` of its resource. */
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Absent of a root. */
  readonly parentSpanId?: string;
  readonly name: string;
  /** OTLP's number: 1 INTERNAL, 2 SERVER, 3 CLIENT, 4 PRODUCER, 5 CONSUMER. */
  readonly kind: number;
  /** Nanoseconds since the epoch. */
  readonly startTime: bigint;
  /** Nanoseconds since the epoch. */
  readonly endTime: bigint;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly string[];
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  /** OTLP's number: 0 UNSET, 1 OK, 2 ERROR. */
  readonly status: number;
}

type Value = bigint | Uint8Array;
type Fields = ReadonlyMap<number, readonly Value[]>;

/** Reads the spans of an `ExportTraceServiceRequest` in protobuf; throws `RangeError` when it is none. */
export function readOtlpRequest(bytes: Uint8Array): ReceivedSpan[] {
  return messages(fieldsOf(bytes), 1).flatMap((resourceSpans) => {
    const [resource] = messages(resourceSpans, 1);
    const named = attributesOf(resource ?? new Map(), 1)['service.name'];
    const service = typeof named === 'string' ? named : '';
    const scopes = messages(resourceSpans, 2);
    return scopes.flatMap((scope) => messages(scope, 2).map((span) => spanOf(span, service)));
  });
}

function spanOf(span: Fields, service: string): ReceivedSpan {
  const parent = hex(span, 4);
  const [status] = messages(span, 15);
  return {
    service,
    traceId: hex(span, 1),
    spanId: hex(span, 2),
    ...(parent === '' ? {} : { parentSpanId: parent }),
    name: text(span, 5),
    kind: Number(number(span, 6)),
    startTime: number(span, 7),
    endTime: number(span, 8),
    attributes: attributesOf(span, 9),
    events: messages(span, 11).map((event) => text(event, 2)),
    links: messages(span, 13).map((link) => ({ traceId: hex(link, 1), spanId: hex(link, 2) })),
    status: status ? Number(number(status, 3)) : 0,
  };
}

function attributesOf(fields: Fields, field: number): Record<string, unknown> {
  return Object.fromEntries(
    messages(fields, field).map((pair) => [text(pair, 1), valueOf(messages(pair, 2)[0] ?? new Map())]),
  );
}

function valueOf(value: Fields): unknown {
  if (value.has(1)) return text(value, 1);
  if (value.has(2)) return number(value, 2) === 1n;
  if (value.has(3)) return Number(number(value, 3));
  if (value.has(4)) return double(number(value, 4));
  return messages(value, 5).flatMap((list) => messages(list, 1).map(valueOf));
}

function double(bits: bigint): number {
  return new Float64Array(new BigUint64Array([bits]).buffer)[0] ?? 0;
}

function messages(fields: Fields, field: number): Fields[] {
  return (fields.get(field) ?? []).flatMap((value) => (typeof value === 'bigint' ? [] : [fieldsOf(value)]));
}

function number(fields: Fields, field: number): bigint {
  const value = fields.get(field)?.at(-1);
  return typeof value === 'bigint' ? value : 0n;
}

function text(fields: Fields, field: number): string {
  return Buffer.from(bytesIn(fields, field)).toString();
}

function hex(fields: Fields, field: number): string {
  return Buffer.from(bytesIn(fields, field)).toString('hex');
}

function bytesIn(fields: Fields, field: number): Uint8Array {
  const value = fields.get(field)?.at(-1);
  return value === undefined || typeof value === 'bigint' ? new Uint8Array() : value;
}

/** The fields of a message in protobuf's wire format, as bytes or as numbers. */
function fieldsOf(bytes: Uint8Array): Fields {
  const reader = new Reader(bytes);
  const fields = new Map<number, Value[]>();
  while (!reader.ended) {
    const { field, value } = reader.field();
    fields.set(field, [...(fields.get(field) ?? []), value]);
  }
  return fields;
}

class Reader {
  private at = 0;
  private readonly view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get ended(): boolean {
    return this.at >= this.bytes.length;
  }

  field(): { field: number; value: Value } {
    const tag = Number(this.varint());
    return { field: tag >>> 3, value: this.value(tag & 7) };
  }

  private value(wire: number): Value {
    if (wire === 0) return this.varint();
    if (wire === 1) return this.view.getBigUint64(this.advance(8), true);
    if (wire === 5) return BigInt(this.view.getUint32(this.advance(4), true));
    if (wire !== 2) throw new RangeError(`protobuf has no wire type ${wire}`);
    const length = Number(this.varint());
    const start = this.advance(length);
    return this.bytes.subarray(start, start + length);
  }

  private varint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.view.getUint8(this.advance(1));
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  private advance(length: number): number {
    const start = this.at;
    this.at += length;
    if (this.at > this.bytes.length) throw new RangeError('the message ends in the middle of a field');
    return start;
  }
}
