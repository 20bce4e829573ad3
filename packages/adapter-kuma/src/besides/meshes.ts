import { describeRef, groupOf, type KubeObject, metaOf, type ObjectRef, type Problem, refOf, shownNamespaces } from '@heddle/core';
import { parseNamespace, parsePod } from '../decode/parse-kube.js';
import { MESH_LABEL } from '../decode/tags.js';
import { configOf } from '../decode/world.js';
import type { Namespace, Pod } from '../decode/world-types.js';
import { KUMA_GROUP } from '../environment/kinds.js';

const ROUTES = new Set(['MeshHTTPRoute', 'MeshTCPRoute', 'TrafficRoute']);
const USUAL = 'default';

/**
 * Of several Meshes: other meshes have no such thing, so that callers are told by their namespaces and labels, as far as the objects show
 * them: nothing is lost where they are a dump with all Namespaces. One for each Mesh with routes, and one for each workload whose Mesh an
 * annotation alone says.
 */
export function ofMeshes(objects: readonly KubeObject[]): readonly Problem[] {
  const core = (kind: string) => objects.filter((object) => object.kind === kind && object.apiVersion === 'v1');
  const namespaces = new Map(core('Namespace').map((object) => [metaOf(object).name, parseNamespace(object)]));
  const pods = core('Pod').map((object) => parsePod(object, namespaces));
  const own = objects.filter((object) => groupOf(refOf(object).apiVersion) === KUMA_GROUP);
  const meshes = own.filter(({ kind }) => kind === 'Mesh').map(refOf);
  const routes = own.filter(({ kind }) => ROUTES.has(String(kind)));
  const known = [
    USUAL,
    ...meshes.map(({ name }) => name),
    ...[...namespaces.values()].map(({ mesh }) => mesh),
    ...pods.map(({ mesh }) => mesh),
  ];
  if (routes.length === 0 || new Set(known).size === 1) return [];
  const routed = new Map<string, ObjectRef>();
  for (const route of routes) {
    const { mesh, ref } = configOf(route);
    if (!routed.has(mesh)) routed.set(mesh, meshes.find(({ name }) => name === mesh) ?? ref);
  }
  const rules = [...routed].map(([mesh, ref]) => ofMesh(mesh, ref, [...namespaces.values()]));
  const areShown = shownNamespaces(objects) !== undefined;
  return [...(areShown ? rules.map((one): Problem => ({ ...one, severity: 'info' })) : rules), ...annotated(pods, namespaces)];
}

function ofMesh(mesh: string, ref: ObjectRef, namespaces: readonly Namespace[]): Problem {
  const isUsual = mesh === USUAL;
  const names = namespaces.filter((one) => (isUsual ? one.mesh !== USUAL : one.mesh === mesh)).map(({ name }) => name);
  const inNamespaces = names.length === 0 ? '' : `in ${names.sort().join(', ')} or `;
  const whose = isUsual
    ? `all callers but those ${inNamespaces}with a label ${MESH_LABEL} of another Mesh`
    : `callers ${inNamespaces}with the label ${MESH_LABEL}: ${mesh}, and no others`;
  return {
    code: 'view.mesh',
    ref,
    message: `${describeRef(ref)}: the other mesh knows no Meshes, so the rules of Mesh ${mesh} become rules for ${whose}`,
    fix: `give the Namespaces of all callers, so that none is missed, and leave the label ${MESH_LABEL} on Pods that have it`,
  };
}

/** A caller is known by labels and its namespace; an annotation counts for the Pod itself only. */
function annotated(pods: readonly Pod[], namespaces: ReadonlyMap<string, Namespace>): readonly Problem[] {
  const found = new Map<string, Problem>();
  for (const { object, mesh, ref, labels } of pods) {
    const taken = labels[MESH_LABEL] || namespaces.get(ref.namespace)?.mesh || USUAL;
    const [owner] = metaOf(object).ownerReferences;
    const key = owner === undefined ? JSON.stringify(ref) : JSON.stringify([ref.namespace, owner]);
    if (mesh === taken || found.has(key)) continue;
    const of = refOf(object);
    found.set(key, {
      code: 'view.mesh',
      ref: of,
      message: `${describeRef(of)}: an annotation puts it into Mesh ${mesh}, which rules cannot ask of callers: it is taken for a caller of Mesh ${taken}`,
      fix: `say it by the label ${MESH_LABEL}: ${mesh} too`,
    });
  }
  return [...found.values()];
}
