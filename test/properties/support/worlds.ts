import { fileURLToPath } from 'node:url';
import { adapter as istio } from '@heddle/adapter-istio';
import { adapter as kuma } from '@heddle/adapter-kuma';
import { type Golden, loadGoldens, withoutRefused } from '@heddle/conformance';
import { type Change, type KubeObject, type Match, metaOf, type ServiceRef, type Version } from '@heddle/core';
import { type Mesh, observed, stored } from './encoding.js';

export const MESHES: Readonly<Record<'istio' | 'kuma', Mesh>> = {
  istio: { adapter: istio, env: { version: '1.31.1', envoy: '1.40.0', served: {}, settings: {} } },
  kuma: { adapter: kuma, env: { version: '2.14.3', envoy: '1.40.0', served: {}, settings: {} } },
};
export type MeshName = keyof typeof MESHES;

const PROXIES: Readonly<Record<MeshName, string>> = { istio: 'istio-proxy', kuma: 'kuma-sidecar' };

/** The recorded cases, with their objects as a cluster would hold them: identified, Pods with their proxies, nothing that was refused. */
export async function recorded(name: MeshName): Promise<readonly Golden[]> {
  const folder = fileURLToPath(new URL(`../../../packages/conformance/goldens/${name}`, import.meta.url));
  const { adapter, env } = MESHES[name];
  return (await loadGoldens(folder)).map((golden) => {
    const taken = withoutRefused(golden, adapter, env);
    return { ...taken, objects: taken.objects.map((object) => stored(withProxy(object, PROXIES[name]))) };
  });
}

function withProxy(object: KubeObject, proxy: string): KubeObject {
  if (object.kind !== 'Pod') return object;
  const spec = object.spec as { readonly containers: readonly unknown[] };
  return { ...object, spec: { ...spec, containers: [...spec.containers, { name: proxy }] } };
}

/** The ports of the Services that a world holds. */
export function servicesIn(objects: readonly KubeObject[]): readonly ServiceRef[] {
  return objects.flatMap((object) => {
    if (object.kind !== 'Service') return [];
    const { namespace = 'default', name } = metaOf(object);
    const { ports = [] } = object.spec as { readonly ports?: readonly { readonly port: number }[] };
    return ports.map(({ port }) => ({ namespace, name, port }));
  });
}

/** A session's change as core makes it, and its shadow. */
export function session(
  service: ServiceRef,
  id: string,
  match: Match,
): { readonly change: Change; readonly shadow: readonly KubeObject[] } {
  const { namespace, port } = service;
  const name = `heddle-${service.name}-${id}`;
  const labels = { 'heddle.dev/session': id };
  const ready = { phase: 'Running', podIP: '10.1.0.9', conditions: [{ type: 'Ready', status: 'True' }] };
  const shadow: readonly KubeObject[] = [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { namespace, name },
      spec: { clusterIP: '10.0.9.9', selector: labels, ports: [{ name: 'http', port, appProtocol: 'http' }] },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace, name, labels },
      spec: { containers: [{ name: 'agent' }, ...Object.values(PROXIES).map((proxy) => ({ name: proxy }))] },
      status: ready,
    },
  ];
  const change: Change = {
    owner: { kind: 'session', namespace, id },
    services: [service],
    views: 'all',
    versions: [{ id, realise: 'service', service: { namespace, name } }],
    intents: [{ match: [match], to: [{ version: id, weight: 100 }] }],
  };
  return { change, shadow: shadow.map(stored) };
}

/** A standing route to the versions that the mesh tells apart; `undefined` where there are not two. */
export function split(
  mesh: Mesh,
  objects: readonly KubeObject[],
  service: ServiceRef,
  weights: readonly [number, number],
): Change | undefined {
  const versions: readonly Version[] = mesh.adapter
    .versions(service, observed(mesh, objects, { services: [service] }), mesh.env)
    .slice(0, 2);
  if (versions.length < 2) return undefined;
  return {
    owner: { kind: 'route', namespace: service.namespace, id: `${service.name}.split` },
    services: [service],
    views: 'all',
    versions,
    intents: [{ match: [], to: versions.map(({ id }, n) => ({ version: id, weight: weights[n] ?? 0 })) }],
  };
}

export const removal = (change: Change): Change => ({ ...change, versions: [], intents: [] });
