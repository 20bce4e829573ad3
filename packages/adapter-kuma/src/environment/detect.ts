import {
  type ClusterFacts,
  type Detection,
  imageVersion,
  type KubeObject,
  metaOf,
  type ObjectQuery,
  objectsOf,
  servedVersions,
} from '@heddle/core';
import { record, records, text } from '../decode/raw.js';
import { ownerOfRoute } from '../owned/ownership.js';
import { envoyOf } from './envoy.js';
import { KUMA_GROUP, kinds } from './kinds.js';

/** `app` of the control plane: the chart's name with `-control-plane`; Kong Mesh is the same chart under another name. */
const CONTROL_PLANES: readonly string[] = ['kuma-control-plane', 'kong-mesh-control-plane'];

const controlPlanes = (group: string, kind: string): readonly ObjectQuery[] =>
  CONTROL_PLANES.map((app) => ({ group, kind, labelSelector: `app=${app}` }));

/** The control plane's Deployment or Pods give version and settings; routes and Meshes how the mesh routes. All may be unreadable. */
export const facts: readonly ObjectQuery[] = [
  ...controlPlanes('apps', 'Deployment'),
  ...controlPlanes('', 'Pod'),
  { group: KUMA_GROUP, kind: 'Mesh' },
  { group: KUMA_GROUP, kind: 'TrafficRoute' },
  { group: KUMA_GROUP, kind: 'MeshHTTPRoute' },
];

/** Kuma runs here when its Meshes are served; the rest is read from the control plane as far as it can be seen. */
export function detect({ served, seen }: ClusterFacts): Detection | undefined {
  const kuma = served.filter(({ group }) => group === KUMA_GROUP);
  if (!kuma.some(({ kind }) => kind === 'Mesh')) return undefined;
  const controlPlane = [...objectsOf(seen, 'apps', 'Deployment'), ...objectsOf(seen, '', 'Pod')].find(isControlPlane);
  const containers = containersOf(controlPlane);
  const version = containers.map(({ image }) => imageVersion(text(image))).find((found) => found !== undefined);
  const namespace = metaOf(controlPlane).namespace;
  const kong = kuma.some(({ kind }) => KONG_KINDS.has(kind)) || (controlPlane !== undefined && isKong(controlPlane));
  const envoy = version === undefined ? undefined : envoyOf(version);
  const meshes = objectsOf(seen, KUMA_GROUP, 'Mesh').map((object) => metaOf(object).name);
  const name = kong ? 'Kong Mesh' : 'Kuma';
  return {
    environment: {
      ...(version === undefined ? {} : { version }),
      ...(envoy === undefined ? {} : { envoy }),
      served: servedVersions(kinds, served),
      settings: { ...(namespace === undefined ? {} : { systemNamespace: namespace }), ...settingsIn(containers), ...routing(seen, meshes) },
    },
    because: [
      `CRD meshes.${KUMA_GROUP}`,
      namespace === undefined ? 'control plane not seen' : `control plane of ${name} ${version ?? 'of unknown version'} in ${namespace}`,
      ...(meshes.length === 0 ? [] : [`${meshes.length === 1 ? 'mesh' : 'meshes'} ${meshes.join(', ')}`]),
    ].join(', '),
    ...(kong ? { title: name } : {}),
  };
}

/** Kinds that only Kong Mesh brings (docs.konghq.com, Kong Mesh, features). */
const KONG_KINDS = new Set(['MeshOPA', 'OPAPolicy', 'MeshGlobalRateLimit', 'AccessRole', 'AccessAudit']);

const isControlPlane = (object: KubeObject): boolean => CONTROL_PLANES.includes(metaOf(object).labels.app ?? '');

function isKong(object: KubeObject): boolean {
  const { labels, namespace = '' } = metaOf(object);
  const marks = [labels.app, labels['app.kubernetes.io/name'], labels['app.kubernetes.io/instance'], namespace];
  return (
    marks.some((mark) => mark?.startsWith('kong-mesh') === true) ||
    containersOf(object).some(({ image }) => /(^|\/)kong\//.test(text(image)))
  );
}

function containersOf(object: KubeObject | undefined): ReturnType<typeof records> {
  const spec = record(object?.spec);
  return records((object?.kind === 'Pod' ? spec : record(record(spec.template).spec)).containers);
}

const VARIABLES: Readonly<Record<string, string>> = {
  KUMA_STORE_KUBERNETES_SYSTEM_NAMESPACE: 'systemNamespace',
  KUMA_MULTIZONE_ZONE_NAME: 'zone',
};

/** What the control plane is told by environment variables (kuma `pkg/config/app/kuma-cp`, 2.14). */
function settingsIn(containers: ReturnType<typeof records>): Readonly<Record<string, string>> {
  const variables = containers.flatMap(({ env }) => records(env)).map(({ name, value }) => [text(name), text(value)] as const);
  const named = variables.flatMap(([name, value]): [string, string][] => {
    const setting = VARIABLES[name];
    return setting === undefined || value === '' ? [] : [[setting, value]];
  });
  const untagged = variables.some(([name, value]) => name === 'KUMA_EXPERIMENTAL_INBOUND_TAGS_DISABLED' && value === 'true');
  return { ...Object.fromEntries(named), ...(untagged ? { inboundTags: 'disabled' } : {}) };
}

/**
 * What the meshes route by, where all agree: TrafficRoutes count for callers that no MeshHTTPRoute is for (kuma
 * `meshhttproute/plugin/v1alpha1/plugin.go`, 2.14). Not said when it cannot be read; the plan then finds out.
 */
function routing(seen: ClusterFacts['seen'], meshes: readonly string[]): Readonly<Record<string, string>> {
  const inMesh = (kind: string) =>
    objectsOf(seen, KUMA_GROUP, kind).map((object) => text(object.mesh) || metaOf(object).labels['kuma.io/mesh'] || 'default');
  const answered = (kind: string) => [...seen].some(([key, one]) => key.startsWith(`${KUMA_GROUP}|${kind}|`) && 'objects' in one);
  if (meshes.length === 0) return {};
  const old = new Set(inMesh('TrafficRoute'));
  const routed = new Set(
    objectsOf(seen, KUMA_GROUP, 'MeshHTTPRoute')
      .filter((object) => ownerOfRoute(object) === undefined)
      .map((object) => metaOf(object).labels['kuma.io/mesh'] ?? 'default'),
  );
  if (answered('TrafficRoute') && meshes.every((mesh) => !old.has(mesh))) return { routing: 'MeshHTTPRoute' };
  if (answered('MeshHTTPRoute') && meshes.every((mesh) => old.has(mesh) && !routed.has(mesh))) return { routing: 'TrafficRoute' };
  return {};
}
