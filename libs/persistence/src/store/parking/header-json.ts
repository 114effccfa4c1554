import type { BrokerRecord } from '@millrace/messaging';

/** Header values by name, each in base64, in the order in which the producer wrote them. */
export type HeaderJson = Readonly<Record<string, readonly string[]>>;

type Headers = BrokerRecord['headers'];

/** A record's headers as JSON text that Postgres takes whatever their bytes are; a header without a value is left out. */
export function headerJson(headers: Headers): string {
  const entries = Object.entries(headers).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const values = (Array.isArray(value) ? value : [value]).map((one) => Buffer.from(one).toString('base64'));
    return [[safeName(name), values]];
  });
  return JSON.stringify(Object.fromEntries(entries));
}

/** The headers as a fetch brings them: bytes, and several where the name came more than once. */
export function headersOf(json: HeaderJson): Headers {
  return Object.fromEntries(
    Object.entries(json).map(([name, values]) => {
      const bytes = values.map((value) => Buffer.from(value, 'base64'));
      return [originalName(name), bytes.length === 1 ? bytes[0] : bytes];
    }),
  );
}

/** Postgres takes no NUL in JSON text. */
function safeName(name: string): string {
  return name.replaceAll('%', '%25').replaceAll('\0', '%00');
}

function originalName(name: string): string {
  return name.replaceAll('%00', '\0').replaceAll('%25', '%');
}
