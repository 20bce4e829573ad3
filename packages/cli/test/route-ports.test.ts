import { adapter as istio } from '@heddle/adapter-istio';
import { scenarios as istioScenarios } from '@heddle/adapter-istio/scenarios';
import { adapter as kuma } from '@heddle/adapter-kuma';
import { scenarios as kumaScenarios } from '@heddle/adapter-kuma/scenarios';
import { isRecord, type KubeObject, type MeshAdapter, type Scenario, TIMING } from '@heddle/core';
import { createSandbox, type Sandbox } from '@heddle/sandbox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bind } from '../src/composition-root.js';
import { TOKENS } from '../src/tokens.js';
import { bothMeshes } from './support/both-meshes.js';
import { runCommand } from './support/run-command.js';
import { expectShape } from './support/schemas.js';

const WORLDS: readonly [string, MeshAdapter, readonly Scenario[], string, string, number][] = [
  ['bookinfo', istio, istioScenarios, 'bookinfo', 'reviews', 9080],
  ['benigno', kuma, kumaScenarios, 'kong-mesh-app', 'benigno', 5000],
  ['benigno-traffic-route', kuma, kumaScenarios, 'kong-mesh-app', 'benigno', 5000],
];

describe.each(WORLDS)('a Service of %s that gets a port after its routes were made', (id, adapter, scenarios, namespace, service, port) => {
  let sandbox: Sandbox;
  let before: readonly string[];

  const run = (...line: string[]) =>
    runCommand(
      ['route', ...line],
      [
        ...bothMeshes,
        bind(TOKENS.listContexts, async () => [{ name: 'sandbox', cluster: 'sandbox', namespace, current: true }]),
        bind(TOKENS.connectCluster, async () => sandbox.cluster('alice')),
        bind(TOKENS.timing, { ...TIMING, settleMs: 20, backOffFirstMs: 20, withdrawMs: 500 }),
      ],
    );
  const listed = async () => {
    const list = JSON.parse((await run('list', '-o', 'json')).stdout);
    expectShape('route-list', list);
    return list.routes as readonly Readonly<Record<string, unknown>>[];
  };
  /** The mesh's objects, without what the server counts. */
  const objects = async () => {
    const kinds = adapter.kinds.filter(({ verbs }) => verbs.includes('update'));
    const lists = await Promise.all(kinds.map(({ group, kind }) => sandbox.cluster('looking').list({ group, kind })));
    return lists.flat().map(({ kind, metadata, spec }: KubeObject) => {
      const { name, annotations } = metadata as { readonly name: string; readonly annotations?: unknown };
      return JSON.stringify([kind, name, annotations, spec]);
    });
  };
  const setPorts = async (...ports: readonly number[]) => {
    const cluster = sandbox.cluster('colleague');
    const object = (await cluster.get({ apiVersion: 'v1', kind: 'Service', namespace, name: service })) ?? {};
    const spec = isRecord(object.spec) ? object.spec : {};
    const [first] = Array.isArray(spec.ports) ? spec.ports : [];
    const all = ports.map((number) => ({ ...(first as object), name: `http-${number}`, port: number }));
    await cluster.replace({ ...object, spec: { ...spec, ports: all } });
  };

  beforeEach(async () => {
    const scenario = scenarios.find((one) => one.id === id);
    if (scenario === undefined) throw new Error(`no scenario ${id}`);
    sandbox = await createSandbox({ adapter, scenario });
    before = await objects();
    expect(await run('split', service, 'v1=90', 'v2=10', '--yes')).toMatchObject({ code: 0 });
    await setPorts(port, port + 1);
  });
  afterEach(() => sandbox.stop());

  it('list tells it, refresh takes it in, and clear takes all back', async () => {
    expect(await listed()).toMatchObject([{ ports: [port], state: 'partial', uncovered: [port + 1] }]);
    expect((await run('list')).stdout).toContain(
      `\n  port ${port + 1} of ${namespace}/${service}\n  heddle route refresh ${service} -n ${namespace}\n`,
    );
    expect((await run('refresh', service, '--dry-run')).stdout).toContain(`Port ${port + 1} has come since these routes were made`);
    expect(await run('refresh', service, '--yes')).toMatchObject({ code: 0 });
    expect(await listed()).toMatchObject([{ id: `${service}.${port}`, ports: [port, port + 1], state: 'stands' }]);
    expect((await run('refresh', service)).stdout).toContain('as it was already');
    expect((await run('clear', service, '--yes')).code).toBe(0);
    expect(await objects()).toEqual(before);
  });

  it('so does any other change, and a port that goes is let go', async () => {
    const { stdout } = await run('split', service, 'v1=50', 'v2=50', '--yes');
    expect(stdout).toContain(`${namespace}/${service}:${port},${port + 1}: v1 50 %, v2 50 % (standing route split)`);
    await setPorts(port);
    expect(await run('refresh', service, '--yes')).toMatchObject({ code: 0 });
    expect(await listed()).toMatchObject([{ ports: [port], state: 'stands' }]);
    expect((await objects()).join('')).not.toContain(String(port + 1));
    expect((await run('clear', service, '--yes')).code).toBe(0);
    expect(await objects()).toEqual(before);
  });
});
