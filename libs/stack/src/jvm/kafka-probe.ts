import { connect } from 'node:net';

const METADATA = 3;
const VERSION = 1;
const TIMEOUT_MS = 2_000;

/**
 * Whether the broker serves clients: it answers a Metadata request (Kafka protocol, version 1) and counts
 * itself among the brokers. Throws when it cannot be reached or is silent for 2 s.
 */
export function kafkaAnswers(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const socket = connect({ port, host, timeout: TIMEOUT_MS });
    const settle = (act: () => void) => {
      socket.destroy();
      act();
    };
    socket.once('connect', () => socket.write(metadataRequest()));
    socket.once('error', (error) => settle(() => reject(error)));
    socket.once('timeout', () => settle(() => reject(new Error('the broker is silent'))));
    socket.once('close', () => resolve(false));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      const brokers = brokerCount(received);
      if (brokers !== undefined) settle(() => resolve(brokers > 0));
    });
  });
}

/** A request for the brokers and no topics: size, api key, version, correlation id, no client id, empty topic list. */
function metadataRequest(): Buffer {
  const request = Buffer.alloc(18);
  request.writeInt32BE(14, 0);
  request.writeInt16BE(METADATA, 4);
  request.writeInt16BE(VERSION, 6);
  request.writeInt32BE(1, 8);
  request.writeInt16BE(-1, 12);
  request.writeInt32BE(0, 14);
  return request;
}

/** Length of the broker list behind size and correlation id; undefined until it has arrived. */
function brokerCount(response: Buffer): number | undefined {
  return response.length < 12 ? undefined : response.readInt32BE(8);
}
