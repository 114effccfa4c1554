import type { Static, TObject } from 'typebox';

/** What a contract says besides its schema; the catalogue, the topology and the alerts are generated from it. */
export interface EventMetadata<Data> {
  /** CloudEvents type and, within a major version, the topic's name: `<aggregate>.<past tense>`. */
  readonly type: string;
  /** Released version of the schema, from 1; part of `ce_dataschema`. */
  readonly version: number;
  /** Topic that carries the event. */
  readonly topic: string;
  /** The kind of thing whose id is the record's key, for example `order`. */
  readonly aggregate: string;
  /** Field of the payload that is the record's key: events with the same value stay in order. */
  readonly key: keyof Data & string;
  /** Service that alone may produce it. */
  readonly owner: string;
  /** One sentence for the catalogue: what has happened when this event exists. */
  readonly summary: string;
  /** Age in milliseconds that an event may reach before it takes effect in a consumer (objective for 99.9 %). */
  readonly freshnessMs: number;
  /** JSON Pointers of the fields that hold personal data; they never enter logs, spans or error texts. */
  readonly personalData: readonly string[];
  /** Payloads that satisfy the producer view; tests and documentation use them. */
  readonly examples: readonly Data[];
}

/** A contract: the one thing that a producer and a consumer share. */
export interface EventDefinition<Schema extends TObject = TObject> extends Omit<
  EventMetadata<Static<Schema>>,
  'key'
> {
  readonly key: string;
  readonly schema: Schema;
  /** CloudEvents source: `/millrace/<owner>`. */
  readonly source: string;
  /** CloudEvents dataschema: a URN that names type and version. */
  readonly dataSchema: string;
  /** Media type of the payload; selects the codec. */
  readonly contentType: 'application/json';
}

/** Payload type of a contract, as its producer writes it. */
export type EventData<Definition extends EventDefinition> = Static<Definition['schema']>;

/** Completes a contract from its schema and metadata; throws nothing, the gate's lint judges it. */
export function defineEvent<Schema extends TObject>(
  schema: Schema,
  metadata: EventMetadata<Static<Schema>>,
): EventDefinition<Schema> {
  return {
    ...metadata,
    schema,
    source: `/millrace/${metadata.owner}`,
    dataSchema: `urn:millrace:schema:${metadata.type}:${metadata.version}`,
    contentType: 'application/json',
  };
}
