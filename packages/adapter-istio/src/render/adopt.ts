import { groupOf, isRecord, type KubeObject, type MeshEnvironment, metaOf, refOf } from '@heddle/core';
import { type Raw, record, records } from '../decode/raw.js';
import { injects, inMesh } from '../environment/in-mesh.js';

/** Containers of other meshes' proxies. */
const FOREIGN = new Set(['kuma-sidecar', 'kuma-init', 'kuma-validation']);
/** Labels and annotations that are about another mesh. */
const FOREIGN_KEY = /^(?:[^/]+\.)?kuma\.io\//;

/**
 * Objects as they would be in a cluster that runs Istio: its sidecar in every Pod that may have one, an init container that keeps running
 * (istio 1.31, native sidecars), Namespaces that ask for it, and nothing of another mesh about them. All else stays as it is.
 */
export function adopt(objects: readonly KubeObject[], env: MeshEnvironment): readonly KubeObject[] {
  const namespaces = new Map(objects.filter(isCore('Namespace')).map((object) => [metaOf(object).name, object]));
  return objects.map((object) => {
    if (isCore('Namespace')(object)) return adoptedNamespace(object);
    if (!isCore('Pod')(object)) return object;
    const namespace = namespaces.get(metaOf(object).namespace ?? '');
    return adoptedPod(object, namespace === undefined ? undefined : adoptedNamespace(namespace), env);
  });
}

const isCore =
  (kind: string) =>
  (object: KubeObject): boolean =>
    object.kind === kind && groupOf(refOf(object).apiVersion) === '';

function adoptedNamespace(object: KubeObject): KubeObject {
  const metadata = withoutForeign(record(object.metadata));
  const labels = record(metadata.labels);
  if (['istio-injection', 'istio.io/rev', 'istio.io/dataplane-mode'].some((key) => key in labels)) return { ...object, metadata };
  return { ...object, metadata: { ...metadata, labels: { ...labels, 'istio-injection': 'enabled' } } };
}

function adoptedPod(object: KubeObject, namespace: KubeObject | undefined, env: MeshEnvironment): KubeObject {
  const spec = record(object.spec);
  const own = (list: unknown) => records(list).filter(({ name }) => typeof name !== 'string' || !FOREIGN.has(name));
  const plain: KubeObject = {
    ...object,
    metadata: withoutForeign(record(object.metadata)),
    spec: {
      ...spec,
      containers: own(spec.containers),
      ...(spec.initContainers === undefined ? {} : { initContainers: own(spec.initContainers) }),
    },
  };
  if (inMesh(plain) || injects(plain, namespace) === false) return plain;
  const adopted = record(plain.spec);
  const proxy = { name: 'istio-proxy', image: `docker.io/istio/proxyv2:${env.version ?? 'latest'}`, restartPolicy: 'Always' };
  return { ...plain, spec: { ...adopted, initContainers: [proxy, ...records(adopted.initContainers)] } };
}

function withoutForeign(metadata: Raw): Raw {
  const kept = (key: 'labels' | 'annotations') =>
    isRecord(metadata[key]) ? { [key]: Object.fromEntries(Object.entries(metadata[key]).filter(([name]) => !FOREIGN_KEY.test(name))) } : {};
  return { ...metadata, ...kept('labels'), ...kept('annotations') };
}
