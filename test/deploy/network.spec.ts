import { beforeAll, describe, expect, it } from '@jest/globals';
import { topology } from '@millrace/contracts';
import type { Program } from '@millrace/deployment';
import { podsOf, type BuiltResource } from './support/built-resource.js';
import { fleetPrograms } from './support/fleet-programs.js';
import { buildOverlay, OVERLAYS } from './support/overlay.js';
import { mayReach, type End } from './support/reachability.js';

const POSTGRES: End = { pod: { 'cnpg.io/cluster': 'millrace-postgres' } };
const BROKER: End = { pod: { 'strimzi.io/cluster': 'millrace', 'strimzi.io/kind': 'Kafka' } };
const CONNECT: End = { pod: { 'strimzi.io/cluster': 'millrace', 'strimzi.io/kind': 'KafkaConnect' } };
const COLLECTOR: End = { namespace: { 'millrace.dev/role': 'telemetry' } };
const DNS: End = { namespace: { 'kubernetes.io/metadata.name': 'kube-system' } };
const INGRESS: End = { namespace: { 'millrace.dev/role': 'ingress' } };
const MONITORING: End = { namespace: { 'millrace.dev/role': 'monitoring' } };
const STRANGER: End = { namespace: { 'kubernetes.io/metadata.name': 'elsewhere' } };

describe.each(OVERLAYS)('the network of the overlay %s', (name) => {
  let resources: readonly BuiltResource[];
  let programs: readonly Program[];
  const podOf = (program: string): End => ({
    pod: podsOf(resources).find(({ workload }) => workload.metadata.name === program)?.labels ?? {},
  });
  beforeAll(async () => {
    resources = await buildOverlay(name);
    programs = [...(await fleetPrograms()).values()];
  });

  it('lets each program reach the servers that it is told about, and no others', () => {
    const servers: readonly (readonly [end: End, port: number, variables: readonly string[]])[] = [
      [POSTGRES, 5432, ['DATABASE_URL', 'ADMIN_DATABASE_URL']],
      [BROKER, 9093, ['KAFKA_BROKERS']],
      [CONNECT, 8083, ['CONNECT_URL']],
      [COLLECTOR, 4318, ['OTEL_EXPORTER_OTLP_ENDPOINT']],
    ];
    for (const program of programs) {
      const names = program.variables.map((variable) => variable.name);
      for (const [server, port, variables] of servers) {
        const needed = variables.some((variable) => names.includes(variable));
        expect([program.name, port, mayReach(resources, podOf(program.name), server, port)]).toEqual([
          program.name,
          port,
          needed,
        ]);
      }
      expect(mayReach(resources, podOf(program.name), DNS, 53)).toBe(true);
      expect(mayReach(resources, podOf(program.name), STRANGER, 8080)).toBe(false);
    }
  });

  it('lets the ingress and the keeper reach every service, and no service another', () => {
    for (const service of topology) {
      expect(mayReach(resources, INGRESS, podOf(service.name), 8080)).toBe(true);
      expect(mayReach(resources, STRANGER, podOf(service.name), 8080)).toBe(false);
      for (const other of topology) {
        if (other === service) continue;
        expect([
          service.name,
          other.name,
          mayReach(resources, podOf(service.name), podOf(other.name), 8080),
        ]).toEqual([service.name, other.name, false]);
      }
    }
  });

  it('lets the monitoring fetch metrics of whatever serves, and of nothing else', () => {
    for (const { name: program, kind } of programs) {
      const serves = kind === 'service' || kind === 'keeper';
      expect([program, mayReach(resources, MONITORING, podOf(program), 8080)]).toEqual([program, serves]);
    }
  });

  it('keeps everybody but the keeper away from Kafka Connect, which asks for no password', () => {
    const callers = programs.filter((program) => mayReach(resources, podOf(program.name), CONNECT, 8083));
    expect(callers.map((program) => program.name).toSorted()).toEqual(['keeper', 'keeper-recover']);
    expect(mayReach(resources, { pod: { 'some.other': 'pod' } }, CONNECT, 8083)).toBe(false);
  });
});
