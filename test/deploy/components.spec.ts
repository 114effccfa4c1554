import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ofKind, type BuiltResource } from './support/built-resource.js';
import { buildOverlay, ROOT } from './support/overlay.js';
import { validate } from './support/resource-model.js';
import { typeComplaints } from './support/type-check.js';

const OVERLAY = `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [../prod]
components: [../../components/kafka-connector]
`;

describe('an overlay with the component kafka-connector', () => {
  let folder: string;
  let resources: readonly BuiltResource[];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-overlay-'));
    cpSync(join(ROOT, 'deploy'), join(folder, 'deploy'), { recursive: true });
    mkdirSync(join(folder, 'deploy/k8s/overlays/connector'));
    writeFileSync(join(folder, 'deploy/k8s/overlays/connector/kustomization.yaml'), OVERLAY);
    resources = await buildOverlay('connector', folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("has the connector file as Strimzi's resource, which the operator then keeps", async () => {
    const [connector] = ofKind(resources, 'KafkaConnector');
    expect(connector?.spec).toMatchObject({
      class: 'io.debezium.connector.postgresql.PostgresConnector',
      tasksMax: 1,
      config: { 'slot.name': '${env:MILLRACE_CAPTURE_SLOT}', 'errors.tolerance': 'none' },
    });
    expect(ofKind(resources, 'KafkaConnect')[0]?.metadata.annotations).toEqual({
      'strimzi.io/use-connector-resources': 'true',
    });
    await validate(connector as BuiltResource);
    expect(typeComplaints(resources)).toEqual([]);
  });
});
