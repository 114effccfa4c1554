import type {
  Broker,
  BrokerConsumer,
  Claim,
  ConsumerStore,
  OutgoingRecord,
  ParkedRun,
} from '@millrace/messaging';
import type { Sabotage } from './describe-consumer.js';

/** A copy of an object in which one method answers differently; it is given the real one. */
function altered<Target extends object, Name extends keyof Target>(
  target: Target,
  name: Name,
  change: (real: Target[Name]) => Target[Name],
): Target {
  return new Proxy(target, {
    get: (of, property) => {
      const member: unknown = Reflect.get(of, property, of);
      const bound: unknown = typeof member === 'function' ? member.bind(of) : member;
      return property === name ? change(bound as Target[Name]) : bound;
    },
  });
}

function store<Name extends keyof ConsumerStore>(
  name: Name,
  change: (real: ConsumerStore[Name]) => ConsumerStore[Name],
): Sabotage {
  return { store: (real) => altered(real, name, change) };
}

function copies(change: (record: OutgoingRecord) => OutgoingRecord): Sabotage {
  return { broker: (real) => altered(real, 'send', (send) => (records) => send(records.map(change))) };
}

function consumers(change: (consumer: BrokerConsumer, place: number) => BrokerConsumer): Sabotage {
  let made = 0;
  const wrap = (real: Broker) =>
    altered(real, 'consumer', (consumer) => (settings, listener) => {
      made += 1;
      return change(consumer(settings, listener), made);
    });
  return { broker: wrap };
}

function without(record: OutgoingRecord, names: RegExp): OutgoingRecord {
  const headers = Object.entries(record.headers).filter(([name]) => !names.test(name));
  return { ...record, headers: Object.fromEntries(headers) };
}

/** Says of every event that it is fresh. */
export const forgetfulInbox = store(
  'claim',
  (real) =>
    async (...given) =>
      (await real(...given)).map(({ eventId }): Claim => ({ eventId, standing: 'fresh' })),
);

/** Parks nothing, and says it did. */
export const forgetfulParking = store('park', () => async () => []);

/** Gives the records of a key in the wrong order. */
export const overtaking = store('lockParked', (real) => async (...given) => {
  const run = await real(...given);
  return run && ({ ...run, records: run.records.toReversed() } satisfies ParkedRun);
});

/** Never notes that a dead letter was acknowledged. */
export const deafToAcknowledgements = store('acknowledgeFailure', () => async () => undefined);

/** Says that the database answers when it does not. */
export const blindProbe = store('probe', () => async () => undefined);

/** Does not end a transaction whose handler has used up its time. */
export const endlessTransactions = store('transaction', (real) => (work) => real(work));

/** Keeps no offset. */
export const forgetfulOffsets = consumers((consumer) =>
  altered(consumer, 'commit', () => async () => undefined),
);

/** Whoever joins again after the first two members does not get in. */
export const closedToReturners = consumers((consumer, place) =>
  place > 2 ? altered(consumer, 'start', () => async () => undefined) : consumer,
);

/** Fetches no partition but the first. */
export const oneAtATime: Sabotage = {
  broker: (real) =>
    altered(
      real,
      'consumer',
      (consumer) => (settings, listener) =>
        consumer(
          settings,
          altered(listener, 'onRecords', (hear) => (fetched) => {
            if (fetched.partition === 0) hear(fetched);
          }),
        ),
    ),
};

/** Copies without their bytes. */
export const emptyCopies = copies((record) => ({ ...record, value: null }));

/** Copies that other consoles do not understand. */
export const foreignCopies = copies((record) => without(record, /^kafka_dlt/));

/** Copies that do not say what happened. */
export const silentCopies = copies((record) => without(record, /^x-error-stack$/));

/** Copies that lose their trace. */
export const tracelessCopies = copies((record) => without(record, /^traceparent$/));
