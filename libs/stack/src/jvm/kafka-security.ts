import { createKafkaAdmin } from '@millrace/messaging';
import { KAFKA_ADMIN } from '../stack/secrets.js';

const SCRAM = 'SCRAM-SHA-512';

/**
 * What makes a broker ask who calls and refuse what no rule allows. Brokers among themselves are `admin`; the
 * controller knows its one caller by password, because SCRAM needs a controller that runs already.
 */
export function securedProperties(adminPassword: string): Readonly<Record<string, string>> {
  const admin = `username="${KAFKA_ADMIN}" password="${adminPassword}"`;
  const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule';
  return {
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': `User:${KAFKA_ADMIN}`,
    'sasl.enabled.mechanisms': SCRAM,
    'sasl.mechanism.inter.broker.protocol': SCRAM,
    'listener.name.sasl_plaintext.scram-sha-512.sasl.jaas.config': scramLogin(KAFKA_ADMIN, adminPassword),
    'sasl.mechanism.controller.protocol': 'PLAIN',
    'listener.name.controller.sasl.enabled.mechanisms': 'PLAIN',
    'listener.name.controller.plain.sasl.jaas.config': `${plain} required ${admin} user_${KAFKA_ADMIN}="${adminPassword}";`,
  };
}

/** Arguments of `kafka-storage format` that make the users, before there is a broker to ask. */
export function scramArguments(passwords: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(passwords).flatMap(([name, password]) => [
    '--add-scram',
    `${SCRAM}=[name=${name},password=${password}]`,
  ]);
}

/** How a Java client of secured brokers logs in, each setting also for the clients that Connect makes. */
export function clientProperties(name: string, password: string): Readonly<Record<string, string>> {
  const login = {
    'security.protocol': 'SASL_PLAINTEXT',
    'sasl.mechanism': SCRAM,
    'sasl.jaas.config': scramLogin(name, password),
  };
  const prefixes = ['', 'producer.', 'consumer.', 'admin.'];
  return Object.fromEntries(
    prefixes.flatMap((prefix) => Object.entries(login).map(([key, value]) => [`${prefix}${key}`, value])),
  );
}

/** Whether secured brokers serve: `admin` can log in and list topics. Throws when they cannot be reached. */
export async function securedKafkaAnswers(port: number, adminPassword: string): Promise<boolean> {
  const admin = await createKafkaAdmin({
    clientId: 'millrace-stack',
    brokers: [`127.0.0.1:${port}`],
    sasl: { username: KAFKA_ADMIN, password: adminPassword },
  });
  try {
    await admin.topics();
    return true;
  } finally {
    await admin.close();
  }
}

function scramLogin(name: string, password: string): string {
  const module = 'org.apache.kafka.common.security.scram.ScramLoginModule';
  return `${module} required username="${name}" password="${password}";`;
}
