import { adapter } from '@heddle/adapter-kuma';
import { scenarios } from '@heddle/adapter-kuma/scenarios';
import { type KubeObject, metaOf } from '@heddle/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../src/index.js';
import { get } from './http.js';

const V1 = 'benigno v1\n';
const V2 = 'benigno v2\n';
const HOME = 'kong-mesh-app';

async function count(url: string, calls: number): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (let call = 0; call < calls; call += 1) {
    const answer = await get(url);
    counts[answer] = (counts[answer] ?? 0) + 1;
  }
  return counts;
}

describe.each([
  ['benigno', 'MeshHTTPRoute', 1 / 2],
  ['benigno-traffic-route', 'TrafficRoute', 9 / 10],
] as const)('the scenario %s', (id, routing, share) => {
  let sandbox: Sandbox;
  const cluster = () => sandbox.cluster('reader');

  beforeAll(async () => {
    const scenario = scenarios.find((one) => one.id === id);
    if (scenario === undefined) throw new Error(`there is no scenario ${id}`);
    sandbox = await createSandbox({ adapter, scenario });
  });
  afterAll(async () => await sandbox.stop());

  it('is found by the adapter, with its version and how it routes', async () => {
    const detection = adapter.detect(await cluster().discover(adapter.facts));
    expect(detection?.environment).toMatchObject({
      version: '2.14.3',
      envoy: '1.38',
      settings: { systemNamespace: 'kuma-system', routing },
    });
    expect(detection?.environment.served.MeshHTTPRoute).toBe('kuma.io/v1alpha1');
  });

  it('sends the calls of magnanimo to both versions, as its rules say', async () => {
    const counts = await count(sandbox.clientUrl, 300);
    expect(Object.keys(counts).sort()).toEqual([V1, V2]);
    // Five standard deviations: a chance of one in a million to be wrong.
    const deviation = Math.sqrt(300 * share * (1 - share));
    expect(Math.abs((counts[V1] ?? 0) - 300 * share)).toBeLessThan(5 * deviation);
  });

  it('injects where Kuma would', async () => {
    const [pod] = await cluster().list({ group: '', kind: 'Pod', namespace: HOME, labelSelector: 'app=magnanimo' });
    expect(adapter.inMesh(pod)).toBe(true);
    expect(metaOf(pod).labels).toMatchObject({ app: 'magnanimo', 'kuma.io/mesh': 'default' });
    const plain = (name: string, labels: object, namespace: string, spec: object = {}): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace, labels },
      spec: { containers: [{ name: 'a', image: 'x' }], ...spec },
    });
    const enabled = { 'kuma.io/sidecar-injection': 'enabled' };
    const disabled = { 'kuma.io/sidecar-injection': 'disabled' };
    expect(adapter.inMesh(await cluster().create(plain('out', disabled, HOME)))).toBe(false);
    expect(adapter.inMesh(await cluster().create(plain('unlabelled', enabled, 'default')))).toBe(false);
    expect(adapter.inMesh(await cluster().create(plain('system', enabled, 'kuma-system')))).toBe(true);
    await expect(cluster().create(plain('tokenless', {}, HOME, { automountServiceAccountToken: false }))).rejects.toThrow(/token/);
  });
});
