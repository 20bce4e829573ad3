import { adapter } from '@heddle/adapter-istio';
import { scenarios } from '@heddle/adapter-istio/scenarios';
import { type KubeObject, metaOf } from '@heddle/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../src/index.js';
import { get } from './http.js';

const [tomcat] = scenarios;
const TOMCAT = 'Apache Tomcat/7.0.109\n';
const FIREFOX = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:67.0) Gecko/20100101 Firefox/67.0' };

describe('the scenario tomcat', () => {
  let sandbox: Sandbox;
  const cluster = () => sandbox.cluster('reader');
  const ref = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', namespace: 'mesh-demo', name: 'tomcat' };

  beforeAll(async () => {
    if (tomcat === undefined) throw new Error('there is no scenario');
    sandbox = await createSandbox({ adapter, scenario: tomcat });
  });
  afterAll(async () => await sandbox.stop());

  it('is found by the adapter, with its version', async () => {
    const detection = adapter.detect(await cluster().discover(adapter.facts));
    expect(detection?.environment.version).toBe('1.31.1');
    expect(detection?.environment.served.VirtualService).toBe('networking.istio.io/v1');
  });

  it('starts with everybody at tomcat 7, from the gateway and in the mesh', async () => {
    expect(await get(sandbox.gatewayUrl)).toBe(TOMCAT);
    expect(await get(sandbox.gatewayUrl, { host: 'tomcat.mesh.com', ...FIREFOX })).toBe(TOMCAT);
    expect(await get(sandbox.clientUrl)).toBe(TOMCAT);
    expect(await get(sandbox.clientUrl, { host: 'tomcat.mesh-demo.svc.cluster.local:8080' })).toBe(TOMCAT);
    expect(await get(sandbox.gatewayUrl, { host: 'other.mesh.com' })).toMatch(/^404/);
  });

  it('injects where Istio would: proxy, init container, labels', async () => {
    const [pod] = await cluster().list({ group: '', kind: 'Pod', namespace: 'mesh-demo', labelSelector: 'run=tomcat' });
    const initContainers = (pod?.spec as { initContainers: { name: string; restartPolicy?: string }[] } | undefined)?.initContainers ?? [];
    expect(initContainers.map(({ name, restartPolicy }) => `${name} ${restartPolicy}`)).toEqual([
      'istio-init undefined',
      'istio-proxy Always',
    ]);
    expect(metaOf(pod).labels).toMatchObject({ run: 'tomcat', version: 'v1', 'security.istio.io/tlsMode': 'istio' });
    expect(adapter.inMesh(pod)).toBe(true);
    const plain = (name: string, labels: object, namespace = 'mesh-demo'): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace, labels },
      spec: { containers: [{ name: 'a', image: 'x' }] },
    });
    expect(adapter.inMesh(await cluster().create(plain('out', { 'sidecar.istio.io/inject': 'false' })))).toBe(false);
    expect(adapter.inMesh(await cluster().create(plain('unlabelled', {}, 'default')))).toBe(false);
    expect(adapter.inMesh(await cluster().create(plain('in', { 'sidecar.istio.io/inject': 'true' }, 'default')))).toBe(true);
  });

  it("an injected pod is what `restricted` refuses, for Istio's own init container", async () => {
    const labels = { 'istio-injection': 'enabled', 'pod-security.kubernetes.io/enforce': 'restricted' };
    await cluster().create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'tight', labels } });
    const securityContext = {
      allowPrivilegeEscalation: false,
      runAsNonRoot: true,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    };
    const pod = (more: object) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'tight', ...more },
      spec: { containers: [{ name: 'a', image: 'x', securityContext }] },
    });
    await expect(cluster().create(pod({}))).rejects.toThrow(
      'container "istio-init" must not include "NET_ADMIN", "NET_RAW" in securityContext.capabilities.add), runAsNonRoot != true (container "istio-init" must not set securityContext.runAsNonRoot=false)',
    );
    await cluster().create(pod({ labels: { 'sidecar.istio.io/inject': 'false' } }));
  });

  it('follows the VirtualService as it is now, in any of its versions', async () => {
    const live = await cluster().get({ ...ref, apiVersion: 'networking.istio.io/v1alpha3' });
    expect(live).toMatchObject({ apiVersion: 'networking.istio.io/v1alpha3', spec: { gateways: ['tomcat-gateway'] } });
    const rule = { match: [{ headers: { 'user-agent': { regex: '.*Firefox/67\\.0.*' } } }], redirect: { authority: 'laptop' } };
    const spec = live?.spec as { http: unknown[] };
    const edited = await cluster().replace({ ...live, spec: { ...spec, http: [rule, ...spec.http] } });
    expect(await get(sandbox.gatewayUrl, FIREFOX)).toMatch(/^301/);
    expect(await get(sandbox.gatewayUrl)).toBe(TOMCAT);
    // It lists only the gateway: callers in the mesh do not see it.
    expect(await get(sandbox.clientUrl, FIREFOX)).toBe(TOMCAT);
    await cluster().replace({ ...edited, spec });
    expect(await get(sandbox.gatewayUrl, FIREFOX)).toBe(TOMCAT);
  });

  it('answers 503 when the pod goes, as it has no controller that makes another', async () => {
    const [pod] = await cluster().list({ group: '', kind: 'Pod', namespace: 'mesh-demo', labelSelector: 'run=tomcat' });
    const { uid = '', resourceVersion = '', name } = metaOf(pod);
    await cluster().delete(
      { apiVersion: 'v1', kind: 'Pod', namespace: 'mesh-demo', name },
      { uid, resourceVersion },
      { gracePeriodSeconds: 0 },
    );
    expect(await get(sandbox.gatewayUrl)).toBe('503 no healthy upstream');
    expect(await get(sandbox.clientUrl)).toBe('503 no healthy upstream');
  });
});
