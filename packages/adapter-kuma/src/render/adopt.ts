import { type KubeObject, type MeshEnvironment, metaOf } from '@heddle/core';
import { INJECTION } from '../decode/parse-kube.js';
import { type Raw, record, records, text } from '../decode/raw.js';
import { MESH_LABEL } from '../decode/tags.js';

const SIDECAR = 'kuma-sidecar';
/** Containers that another mesh's injection puts into Pods. */
const FOREIGN = new Set(['istio-proxy', 'istio-init', 'istio-validation', 'linkerd-proxy', 'linkerd-init']);
/** Labels and annotations that go with them. */
const FOREIGN_MARK = /^(istio\.io\/rev|istio-injection|([a-z-]+\.)+istio\.io\/.*|([a-z-]+\.)*linkerd\.io\/.*)$/;

/**
 * Objects of another cluster as they would be in one of this mesh: Namespaces that inject, Pods with the sidecar in place of another
 * mesh's, and the Mesh itself. Gateways of another mesh, which are nothing but its proxy, are left out.
 */
export function adopt(objects: readonly KubeObject[], env: MeshEnvironment): readonly KubeObject[] {
  const adopted = objects.flatMap((object) => {
    if (object.kind === 'Namespace' && object.apiVersion === 'v1') return [adoptNamespace(object)];
    return object.kind === 'Pod' && object.apiVersion === 'v1' ? adoptPod(object) : [object];
  });
  const hasMesh = objects.some(({ kind, apiVersion }) => kind === 'Mesh' && text(apiVersion).startsWith('kuma.io/'));
  return hasMesh ? adopted : [meshObject(env), ...adopted];
}

function meshObject(env: MeshEnvironment): KubeObject {
  const mode = env.settings.meshServices;
  return {
    apiVersion: env.served.Mesh ?? 'kuma.io/v1alpha1',
    kind: 'Mesh',
    metadata: { name: env.settings.mesh ?? 'default' },
    ...(mode === undefined ? {} : { spec: { meshServices: { mode } } }),
  };
}

/** One that injected another mesh's proxy, or says nothing, injects Kuma's. */
function adoptNamespace(object: KubeObject): KubeObject {
  const { labels } = metaOf(object);
  if (INJECTION in labels) return object;
  const refuses = labels['istio-injection'] === 'disabled';
  return withMarks(object, 'labels', refuses ? {} : { [INJECTION]: 'enabled' });
}

function adoptPod(object: KubeObject): readonly KubeObject[] {
  const { labels, annotations } = metaOf(object);
  const spec = record(object.spec);
  const containers = records(spec.containers);
  const apps = containers.filter(({ name }) => !FOREIGN.has(text(name)));
  if (containers.length > 0 && apps.length === 0) return [];
  const inits = records(spec.initContainers).filter(({ name }) => !FOREIGN.has(text(name)));
  const refuses = [labels, annotations].some((marks) => marks['sidecar.istio.io/inject'] === 'false');
  const hasIt = [...apps, ...inits].some(({ name }) => name === SIDECAR) || INJECTION in labels;
  const sidecar = refuses || hasIt ? [] : [{ name: SIDECAR, image: 'kuma-dp' }];
  const marked = withMarks(withMarks(object, 'labels', refuses ? { [INJECTION]: 'disabled' } : {}), 'annotations', {});
  return [
    {
      ...marked,
      spec: {
        ...spec,
        containers: [...apps, ...sidecar],
        ...(inits.length === 0 ? without(spec, 'initContainers') : { initContainers: inits }),
      },
      ...(object.status === undefined ? {} : { status: withoutForeign(record(object.status)) }),
    },
  ];
}

const without = (raw: Raw, key: string): Raw => (key in raw ? { [key]: [] } : {});

function withoutForeign(status: Raw): Raw {
  const own = (key: string): Raw =>
    Array.isArray(status[key]) ? { [key]: records(status[key]).filter(({ name }) => !FOREIGN.has(text(name))) } : {};
  return { ...status, ...own('containerStatuses'), ...own('initContainerStatuses') };
}

/** Without the other mesh's marks, and with more. */
function withMarks(object: KubeObject, key: 'labels' | 'annotations', more: Raw): KubeObject {
  const metadata = record(object.metadata);
  const kept = Object.fromEntries(
    Object.entries(record(metadata[key])).filter(([name]) => name === MESH_LABEL || !FOREIGN_MARK.test(name)),
  );
  const all = { ...kept, ...more };
  if (Object.keys(all).length === 0 && metadata[key] === undefined) return object;
  return { ...object, metadata: { ...metadata, [key]: all } };
}
