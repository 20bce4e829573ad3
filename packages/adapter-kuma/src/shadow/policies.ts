import {
  describeRef,
  type KubeObject,
  type Labels,
  metaOf,
  type Observed,
  objectsOf,
  type Refusal,
  refOf,
  unreadReason,
} from '@heddle/core';
import { parseTargetRef } from '../decode/parse-mesh-route.js';
import { maybeText, record, records, text } from '../decode/raw.js';
import { DISPLAY_NAME_LABEL, MESH_LABEL, NAMESPACE_TAG, SERVICE_TAG, tagsMatch } from '../decode/tags.js';
import type { Pod, Service, Tags, World } from '../decode/world-types.js';
import { KUMA_GROUP } from '../environment/kinds.js';
import { serviceTag } from '../owned/ownership.js';
import { PERMISSION_QUERIES } from './reads.js';

export interface PolicyInput {
  readonly world: World;
  readonly service: Service;
  /** The service's own pods. */
  readonly pods: readonly Pod[];
  readonly ports: readonly number[];
  readonly shadow: { readonly name: string; readonly labels: Labels };
}

/** A proxy's port that a permission may be for. */
interface Inbound {
  readonly namespace: string;
  readonly labels: Labels;
  readonly tags: Tags;
}

/**
 * Permissions that are for the service's pods and not for the shadow, or that cannot be read: who may call the shadow is then decided
 * without them, by others or by nobody, and whom none lets in is answered 403. Without mTLS permissions have no effect (kuma
 * `meshtrafficpermission/plugin/v1alpha1/plugin.go`, 2.14).
 */
export function policyGaps(input: PolicyInput, seen: Observed): readonly Refusal[] {
  const { world, service } = input;
  if (!isEncrypted(service.mesh, seen)) return [];
  const unread = PERMISSION_QUERIES.flatMap((query) => {
    const reason = unreadReason(seen, query);
    if (reason === undefined || reason === 'no such kind') return [];
    return [gap(`${query.kind}s could not be read (${reason}), so it is unknown who may call the service`)];
  });
  const base = inboundsOf(input);
  const shadow = shadowInbounds(input);
  const missing = [...objectsOf(seen, KUMA_GROUP, 'MeshTrafficPermission'), ...objectsOf(seen, KUMA_GROUP, 'TrafficPermission')]
    .filter((policy) => meshOf(policy) === service.mesh)
    .filter((policy) => base.some((one) => holdsFor(policy, one, world)) && !shadow.every((one) => holdsFor(policy, one, world)))
    .map((policy) => {
      const ref = refOf(policy);
      const message = `${describeRef(ref)} says who may call the pods of ${service.namespace}/${service.name}, and does not hold for the shadow`;
      return { ...gap(message), ref };
    });
  return [...unread, ...missing];
}

const gap = (message: string): Refusal => ({
  code: 'policy-gap',
  message,
  instead: 'accept it with --accept-policy-gap, if whoever is let in by the match may reach this machine, and callers are let in at all',
});

/** A Mesh that was not seen counts as one with mTLS. */
function isEncrypted(mesh: string, seen: Observed): boolean {
  const object = objectsOf(seen, KUMA_GROUP, 'Mesh').find((one) => metaOf(one).name === mesh);
  return object === undefined || maybeText(record(record(object.spec).mtls).enabledBackend) !== undefined;
}

function meshOf(policy: KubeObject): string {
  return text(policy.mesh) || metaOf(policy).labels[MESH_LABEL] || 'default';
}

function inboundsOf({ service, pods, ports }: PolicyInput): readonly Inbound[] {
  const served = pods.length > 0 ? pods.map(({ labels, ref }) => ({ labels, pod: ref.name })) : [{ labels: service.selector, pod: '' }];
  return served.flatMap(({ labels, pod }) => ports.map((port) => inboundOf(service.namespace, labels, pod, service.name, port)));
}

function shadowInbounds({ service, ports, shadow }: PolicyInput): readonly Inbound[] {
  return ports.map((port) => inboundOf(service.namespace, shadow.labels, shadow.name, shadow.name, port));
}

/** `name`: of the Service. A Dataplane is called as its Pod. */
function inboundOf(namespace: string, labels: Labels, pod: string, name: string, port: number): Inbound {
  const own = Object.entries(labels).filter(([key]) => !key.includes('kuma.io/'));
  return {
    namespace,
    labels: { ...labels, [NAMESPACE_TAG]: namespace, [DISPLAY_NAME_LABEL]: pod },
    tags: { ...Object.fromEntries(own), [NAMESPACE_TAG]: namespace, [SERVICE_TAG]: serviceTag({ namespace, name, port }) },
  };
}

function holdsFor(policy: KubeObject, inbound: Inbound, world: World): boolean {
  if (policy.kind === 'TrafficPermission') {
    return records(record(policy.spec).destinations).some(({ match }) => tagsMatch(record(match) as Tags, inbound.tags));
  }
  const home = metaOf(policy).namespace;
  // One with `from` or `rules` is about the pods of its own namespace, but for the mesh's own namespace (compute.go, ComputePolicyRole).
  if (home !== undefined && home !== world.systemNamespace && home !== inbound.namespace) return false;
  const { targetRef } = record(policy.spec);
  if (targetRef === undefined) return true;
  const { kind, name = '', tags = {}, labels } = parseTargetRef(record(targetRef));
  switch (kind) {
    case 'Mesh':
      return true;
    case 'MeshSubset':
      return tagsMatch(tags, inbound.tags);
    case 'MeshService':
      return inbound.tags[SERVICE_TAG] === name;
    case 'MeshServiceSubset':
      return tagsMatch({ ...tags, [SERVICE_TAG]: name }, inbound.tags);
    case 'Dataplane':
      return tagsMatch({ ...labels, ...(name === '' ? {} : { [DISPLAY_NAME_LABEL]: name }) }, inbound.labels);
    default:
      return false;
  }
}
