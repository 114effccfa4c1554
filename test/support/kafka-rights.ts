import { createRequire } from 'node:module';

/** Who asks, and where. */
export interface Asker {
  readonly broker: string;
  readonly login: { readonly username: string; readonly password: string };
}

/** Operations that the broker lets the asker do, by the name of the topic or group. */
export type Rights = Readonly<Record<string, readonly string[]>>;

interface Encoder {
  writeArray(values: readonly string[]): Encoder;
  writeBoolean(value: boolean): Encoder;
}

interface Decoder {
  readBoolean(): boolean;
  readBytes(): Buffer;
  readInt16(): number;
  readInt32(): number;
  readString(): string;
  readArray<T>(read: (decoder: Decoder) => T): T[];
}

interface Request {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly apiName: string;
  encode(): Encoder;
}

interface Protocol {
  readonly request: object;
  readonly response: { decode(bytes: Buffer): Promise<Rights>; parse(data: Rights): Promise<Rights> };
}

interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  findControllerBroker(): Promise<{ connectionPool: { send(protocol: Protocol): Promise<Rights> } }>;
  refreshMetadata(): Promise<void>;
}

const require = createRequire(import.meta.url);
const load = <Module>(file: string): Module => require(`kafkajs/src/${file}`) as Module;
const ClusterOf = load<new (options: object) => Cluster>('cluster/index.js');
const EncoderOf = load<new () => Encoder>('protocol/encoder.js');
const DecoderOf = load<new (bytes: Buffer) => Decoder>('protocol/decoder.js');
const socketFactory = load<() => object>('network/socketFactory.js');

const OPERATIONS = [
  ...['', '', '', 'read', 'write', 'create', 'delete', 'alter', 'describe'],
  ...['cluster-action', 'describe-configs', 'alter-configs', 'idempotent-write'],
];
const CLUSTER = 'kafka-cluster';
/** Loading, not available, not the one: the answer says nothing of rights then. */
const COORDINATOR_ERRORS = [14, 15, 16];
/** Bits of an answer that was asked for no rights, or of a resource that the asker may not see. */
const NOTHING = -0x80000000;

/**
 * What the broker's authorizer lets somebody do with these topics, the cluster and these groups: its own answer, for
 * every operation that there is, without trying any of them.
 */
export async function rightsOf(
  { broker, login }: Asker,
  topics: readonly string[],
  groups: readonly string[],
): Promise<{ readonly topics: Rights; readonly cluster: readonly string[]; readonly groups: Rights }> {
  const cluster = new ClusterOf({
    ...{ brokers: [broker], clientId: 'rights', logger: silent(), socketFactory: socketFactory() },
    ...{ sasl: { mechanism: 'scram-sha-512', ...login }, retry: { retries: 3 } },
    ...{ connectionTimeout: 2_000, requestTimeout: 10_000, authenticationTimeout: 5_000 },
    ...{ metadataMaxAge: 60_000, allowAutoTopicCreation: false, reauthenticationThreshold: 10_000 },
  });
  try {
    await cluster.connect();
    await cluster.refreshMetadata();
    const { connectionPool } = await cluster.findControllerBroker();
    const { [CLUSTER]: onCluster = [], ...onTopics } = await connectionPool.send(metadata(topics));
    return {
      topics: onTopics,
      cluster: onCluster,
      groups: await connectionPool.send(describeGroups(groups)),
    };
  } finally {
    await cluster.disconnect();
  }
}

/** Metadata, version 8: the last one without compact types, and the first with authorized operations. */
function metadata(topics: readonly string[]): Protocol {
  const encode = () =>
    new EncoderOf().writeArray(topics).writeBoolean(false).writeBoolean(true).writeBoolean(true);
  return protocol({ apiKey: 3, apiVersion: 8, apiName: 'Metadata', encode }, (decoder) => {
    decoder.readInt32();
    decoder.readArray(() => [
      decoder.readInt32(),
      decoder.readString(),
      decoder.readInt32(),
      decoder.readString(),
    ]);
    decoder.readString();
    decoder.readInt32();
    const each = decoder.readArray(() => {
      decoder.readInt16();
      const name = decoder.readString();
      decoder.readBoolean();
      decoder.readArray(() => readPartition(decoder));
      return [name, operationsOf(decoder.readInt32())] as const;
    });
    return Object.fromEntries([...each, [CLUSTER, operationsOf(decoder.readInt32())] as const]);
  });
}

function readPartition(decoder: Decoder): void {
  decoder.readInt16();
  for (const _field of ['index', 'leader', 'epoch']) decoder.readInt32();
  for (const _list of ['replicas', 'in sync', 'offline']) decoder.readArray(() => decoder.readInt32());
}

/** DescribeGroups, version 3. */
function describeGroups(groups: readonly string[]): Protocol {
  const encode = () => new EncoderOf().writeArray(groups).writeBoolean(true);
  return protocol({ apiKey: 15, apiVersion: 3, apiName: 'DescribeGroups', encode }, (decoder) => {
    decoder.readInt32();
    const each = decoder.readArray(() => {
      assertCoordinated(decoder.readInt16());
      const [name] = [decoder.readString(), decoder.readString(), decoder.readString(), decoder.readString()];
      decoder.readArray(() => {
        for (const _field of ['member', 'client', 'host']) decoder.readString();
        return [decoder.readBytes(), decoder.readBytes()];
      });
      return [name, operationsOf(decoder.readInt32())] as const;
    });
    return Object.fromEntries(each);
  });
}

function assertCoordinated(error: number): void {
  if (COORDINATOR_ERRORS.includes(error)) throw new Error(`the groups have no coordinator yet (${error})`);
}

function protocol(request: Request, read: (decoder: Decoder) => Rights): Protocol {
  return {
    request: { ...request, encode: async () => request.encode() },
    response: { decode: async (bytes) => read(new DecoderOf(bytes)), parse: async (data) => data },
  };
}

/** Bit n of the answer stands for the operation with the code n. */
function operationsOf(bits: number): readonly string[] {
  return bits === NOTHING ? [] : OPERATIONS.filter((name, code) => name !== '' && (bits & (1 << code)) !== 0);
}

function silent(): object {
  const quiet = () => undefined;
  return { namespace: silent, debug: quiet, info: quiet, warn: quiet, error: quiet };
}
