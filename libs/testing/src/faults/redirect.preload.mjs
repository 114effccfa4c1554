/**
 * Sends outgoing TCP connections of a process elsewhere, by preload, so that programs need no switch for it:
 * MILLRACE_TEST_REDIRECT='127.0.0.1:19092=127.0.0.1:40001,…' (from=to, host and port as the program names them).
 * A client of Kafka follows the addresses that the broker advertises; these are redirected with the rest.
 */
import { Socket } from 'node:net';

const redirects = new Map(
  (process.env.MILLRACE_TEST_REDIRECT ?? '')
    .split(',')
    .filter((pair) => pair !== '')
    .map((pair) => pair.split('=')),
);

const connect = Socket.prototype.connect;

if (redirects.size > 0) {
  Socket.prototype.connect = function connectElsewhere(...args) {
    return connect.apply(this, redirected(args));
  };
}

/** The three forms of `connect`: what `net.connect` has normalized, an object of options, port and host. */
function redirected([first, ...rest]) {
  if (Array.isArray(first)) {
    // Node marks the array as normalized with a symbol of its own: it is changed in place.
    first[0] = withTarget(first[0]);
    return [first, ...rest];
  }
  if (typeof first === 'object' && first !== null) return [withTarget(first), ...rest];
  const [host] = rest;
  if (typeof host !== 'string') return [first, ...rest];
  const target = withTarget({ host, port: first });
  return [target.port, target.host, ...rest.slice(1)];
}

function withTarget(options) {
  const target = redirects.get(`${options.host}:${options.port}`);
  if (target === undefined) return options;
  const colon = target.lastIndexOf(':');
  return { ...options, host: target.slice(0, colon), port: Number(target.slice(colon + 1)) };
}
