import { bool, str } from 'envalid';
import { ConfigError } from './config.error.js';
import type { ConfigOf } from './read-config.js';
import { brokerList } from './variables.js';

/** How a program reaches the brokers and proves who it is. */
export interface KafkaConnection {
  /** `host:port` pairs; empty for a program that was given none and needs none. */
  readonly brokers: readonly string[];
  /** Name and password for SCRAM-SHA-512; unset where the brokers ask for none. */
  readonly sasl?: { readonly username: string; readonly password: string };
  /** PEM texts; an empty object trusts the authorities that Node knows. Unset for unencrypted connections. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
}

/** The variables of every program that uses Kafka; `KAFKA_BROKERS` may be left out by one that does not. */
export function kafkaVariables({ required }: { required: boolean }) {
  const brokers = { desc: 'Kafka brokers', example: '127.0.0.1:9092' };
  return {
    KAFKA_BROKERS: brokerList(required ? brokers : { ...brokers, default: [] }),
    KAFKA_SASL_USERNAME: str({
      default: '',
      desc: 'name for SCRAM-SHA-512; empty where brokers ask for none',
    }),
    KAFKA_SASL_PASSWORD: str({ default: '', desc: 'password for SCRAM-SHA-512' }),
    KAFKA_TLS: bool({ default: false, desc: 'encrypt; also on when one of the certificates is given' }),
    KAFKA_TLS_CA: str({ default: '', desc: "PEM of the brokers' authority, unless Node knows it" }),
    KAFKA_TLS_CERT: str({ default: '', desc: 'PEM of the client certificate, where brokers want one' }),
    KAFKA_TLS_KEY: str({ default: '', desc: 'PEM of its private key' }),
  };
}

/** How to reach Kafka, as `kafkaVariables` were read; throws `ConfigError` naming what is given by half. */
export function kafkaConnectionOf(config: ConfigOf<ReturnType<typeof kafkaVariables>>): KafkaConnection {
  const { KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = config;
  const { KAFKA_TLS_CA: ca, KAFKA_TLS_CERT: cert, KAFKA_TLS_KEY: key } = config;
  const problems = [
    ...halves('KAFKA_SASL_USERNAME', username, 'KAFKA_SASL_PASSWORD', password),
    ...halves('KAFKA_TLS_CERT', cert, 'KAFKA_TLS_KEY', key),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  const encrypted = config.KAFKA_TLS || ca !== '' || cert !== '';
  return {
    brokers: config.KAFKA_BROKERS,
    ...(username === '' ? {} : { sasl: { username, password } }),
    ...(encrypted ? { tls: { ...(ca === '' ? {} : { ca }), ...(cert === '' ? {} : { cert, key }) } } : {}),
  };
}

function halves(one: string, first: string, other: string, second: string): string[] {
  if ((first === '') === (second === '')) return [];
  const [given, missing] = first === '' ? [other, one] : [one, other];
  return [`${missing}: is not set although ${given} is`];
}
