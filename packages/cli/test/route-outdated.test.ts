import { adapter } from '@heddle/adapter-kuma';
import { scenarios } from '@heddle/adapter-kuma/scenarios';
import { isRecord, type KubeObject, metaOf, type ObjectRef, TIMING } from '@heddle/core';
import { createSandbox, type Sandbox } from '@heddle/sandbox';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bind } from '../src/composition-root.js';
import { TOKENS } from '../src/tokens.js';
import { bothMeshes } from './support/both-meshes.js';
import { runCommand } from './support/run-command.js';
import { expectShape } from './support/schemas.js';

const NAMESPACE = 'kong-mesh-app';
const VERSIONS = ['v1', 'v2'] as const;
const SERVICE: ObjectRef = { apiVersion: 'v1', kind: 'Service', namespace: NAMESPACE, name: 'benigno' };

/** A Service for each version: in a mesh of MeshServices, versions are told apart by these alone. */
const versionService = (version: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: `benigno-${version}`, namespace: NAMESPACE },
  spec: {
    selector: { app: 'benigno', version },
    ports: [{ name: 'http', port: 5000, targetPort: 5000, appProtocol: 'http' }],
  },
});

let sandbox: Sandbox;

beforeEach(async () => {
  const scenario = scenarios.find(({ id }) => id === 'benigno');
  if (scenario === undefined) throw new Error('no such scenario');
  const objects = scenario.objects.map((object) =>
    object.kind === 'Mesh' ? { ...object, spec: { meshServices: { mode: 'Exclusive' } } } : object,
  );
  sandbox = await createSandbox({ adapter, scenario: { ...scenario, objects: [...objects, ...VERSIONS.map(versionService)] } });
  expect(await run('route', 'split', 'benigno', 'v1=90', 'v2=10', '--yes')).toMatchObject({ code: 0 });
});
afterEach(() => sandbox.stop());

const run = (...line: string[]) =>
  runCommand(line, [
    ...bothMeshes,
    bind(TOKENS.listContexts, async () => [{ name: 'sandbox', cluster: 'sandbox', namespace: NAMESPACE, current: true }]),
    bind(TOKENS.connectCluster, async () => sandbox.cluster('alice')),
    bind(TOKENS.timing, { ...TIMING, settleMs: 20, backOffFirstMs: 20, withdrawMs: 500 }),
  ]);

async function listed(): Promise<readonly unknown[]> {
  const list = JSON.parse((await run('route', 'list', '-o', 'json')).stdout);
  expectShape('route-list', list);
  return list.routes;
}

async function renamePort(name: string): Promise<void> {
  const cluster = sandbox.cluster('colleague');
  const object = (await cluster.get(SERVICE)) ?? {};
  const spec = isRecord(object.spec) ? object.spec : {};
  const ports = (Array.isArray(spec.ports) ? spec.ports : []).map((port) => ({ ...port, name }));
  await cluster.replace({ ...object, spec: { ...spec, ports } });
}

it('a route whose port was given another name is out of date: list, show, lint and doctor say so, and refresh mends it', async () => {
  const [object] = await sandbox.cluster('observer').list({ group: 'kuma.io', kind: 'MeshHTTPRoute' });
  const ref = { kind: 'MeshHTTPRoute', name: metaOf(object).name };
  expect(await listed()).toMatchObject([{ state: 'stands' }]);
  await renamePort('web');
  expect(await listed()).toMatchObject([{ state: 'outdated', outdated: [ref] }]);
  const { stdout } = await run('route', 'list');
  expect(stdout).toMatch(/ out of date$/m);
  expect(stdout).toContain(`/${ref.name}\n  heddle route refresh benigno -n ${NAMESPACE}\n`);
  expect((await run('route', 'show', 'benigno')).stdout).toContain(
    'Standing route split of kong-mesh-app/benigno would be written otherwise now',
  );
  const lint = await run('lint', '-o', 'json');
  expect(JSON.parse(lint.stdout).findings).toContainEqual(
    expect.objectContaining({ code: 'route-outdated', severity: 'warning', fix: `heddle route refresh benigno -n ${NAMESPACE}` }),
  );
  expect(lint.code).toBe(6);
  expect((await run('doctor')).stdout).toMatch(/^warning +Standing routes +they would be written otherwise now: split of benigno$/m);
  expect((await run('route', 'refresh', 'benigno', '--yes')).code).toBe(0);
  expect(await listed()).toMatchObject([{ state: 'stands' }]);
});
