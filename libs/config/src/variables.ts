import { makeExactValidator, makeValidator } from 'envalid';

/** Postgres connection string, `postgres://user:password@host:port/database`. */
export const postgresUrl = makeValidator((input) => {
  if (!/^postgres(ql)?:\/\//.test(input)) throw new TypeError('is no postgres:// connection string');
  return input;
});

/** Comma-separated `host:port` pairs, at least one. */
export const brokerList = makeExactValidator<readonly string[]>((input) => {
  const brokers = input.split(',').map((broker) => broker.trim());
  if (!brokers.every((broker) => /^[^\s:]+:\d{1,5}$/.test(broker))) {
    throw new TypeError('is no comma-separated list of host:port');
  }
  return brokers;
});

/** A duration in whole milliseconds, zero or more. */
export const milliseconds = wholeFrom(0, 'is no whole number of milliseconds');

/** A whole number of at least one. */
export const positiveInteger = wholeFrom(1, 'is no whole number of at least 1');

/** A whole number of zero or more. */
export const wholeNumber = wholeFrom(0, 'is no whole number of at least 0');

/** URLs by name: comma-separated `name=http://host:port` pairs, perhaps none. */
export const urlsByName = makeExactValidator<ReadonlyMap<string, string>>((input) => {
  const pairs = input.split(',').filter((pair) => pair.trim() !== '');
  return new Map(
    pairs.map((pair) => {
      const [, name, address] = /^\s*([a-z][a-z0-9-]*)=(https?:\/\/\S+?)\s*$/.exec(pair) ?? [];
      if (name === undefined || address === undefined || !URL.canParse(address))
        throw new TypeError(`holds '${pair.trim()}', which is no name=http://host:port`);
      return [name, address];
    }),
  );
});

function wholeFrom(least: number, problem: string) {
  return makeValidator((input) => {
    const value = Number(input);
    if (!Number.isSafeInteger(value) || value < least) throw new TypeError(problem);
    return value;
  });
}
