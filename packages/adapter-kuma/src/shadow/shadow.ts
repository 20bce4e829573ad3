import {
  type Labels,
  labelsMatch,
  type MeshEnvironment,
  metaOf,
  type Note,
  type Observed,
  type Planned,
  type Refusal,
  refuse,
  type ShadowNeeds,
  type ShadowSpec,
} from '@heddle/core';
import { capabilities } from '../capabilities/capabilities.js';
import { INJECTION } from '../decode/parse-kube.js';
import { MESH_LABEL } from '../decode/tags.js';
import { readWorld } from '../decode/world.js';
import type { Pod, Service, World } from '../decode/world-types.js';
import { findService } from '../encode/find-service.js';
import { policyGaps } from './policies.js';

/**
 * Labels of the shadow's pod: it needs a sidecar, since Kuma sends to pods that have one and to no others, and the sidecar needs the
 * service account's token. It counts as ready whatever becomes of its tunnel: of a destination without a ready pod Kuma does not know what
 * it speaks, so that it leaves a MeshHTTPRoute's rule out, and routes everybody by connections where TrafficRoutes decide
 * (decode/backends.ts, decode/traffic-route-rules.ts). Policies that let callers in at the service and not at the shadow, or the other way
 * round, are refused as `policy-gap`, or noted.
 */
export function shadow(spec: ShadowSpec, seen: Observed, env: MeshEnvironment): Planned<ShadowNeeds> {
  if (spec.realise !== 'service') return refuseRealisation(spec.realise, env);
  const [base] = spec.services;
  if (base === undefined) return refuse('no-service', 'The shadow is for no service');
  const world = readWorld(seen, env);
  const found = findService(world, seen, base);
  if ('refused' in found) return found;
  const service = found.ok;
  const pods = podsOf(service, world);
  const outside = refuseOutside(spec, service, pods, world);
  if (outside !== undefined) return outside;
  const podLabels: Labels = { [INJECTION]: 'enabled', ...meshLabel(pods, service, world) };
  if (Object.keys(service.selector).length > 0 && labelsMatch(service.selector, podLabels)) {
    return refuse(
      'shadow-selected',
      `Service ${service.namespace}/${service.name} selects pods by ${INJECTION} alone, so it would select the shadow too`,
      'give the service a selector of its own',
    );
  }
  const ports = spec.services.map(({ port }) => port);
  const gaps = policyGaps({ world, service, pods, ports, shadow: { name: spec.name, labels: podLabels } }, seen);
  if (gaps.length > 0 && spec.acceptPolicyGap !== true) return { refused: gaps };
  return {
    ok: {
      sidecar: true,
      podLabels,
      podAnnotations: {},
      serviceLabels: {},
      serviceAnnotations: protocols(service, ports),
      serviceAccountToken: true,
      readyWithoutTunnel: true,
    },
    notes: [...gaps.map(asNote), ...unread(service, world)],
  };
}

function refuseRealisation(realise: 'subset' | 'tag', env: MeshEnvironment): { readonly refused: readonly Refusal[] } {
  const support = capabilities(env)[`to.${realise}`];
  if (typeof support === 'object') return refuse(`to.${realise}`, `Kuma: ${support.unsupported}`, support.instead);
  return refuse(
    `to.${realise}`,
    'A shadow behind the service itself would get requests of everybody',
    'give the shadow a Service of its own, which is what sessions do unless told otherwise',
  );
}

/** Why the shadow would have no sidecar (kuma `webhooks/injector/precheck.go`, 2.14; `UPGRADE.md`, 2.11: the namespace must have the label). */
function refuseOutside(spec: ShadowSpec, service: Service, pods: readonly Pod[], world: World): ReturnType<typeof refuse> | undefined {
  const { namespace, name } = service;
  if (spec.sidecar === 'off') {
    return refuse(
      'no-sidecar',
      'Kuma sends requests to pods with a sidecar only, so a shadow without one gets none',
      'leave the sidecar on',
    );
  }
  const home = world.namespaces.get(namespace);
  const { major, minor } = world.release;
  const mustBeLabelled = major > 2 || (major === 2 && minor >= 11);
  if (home !== undefined && mustBeLabelled && home.labels[INJECTION] === undefined) {
    return refuse(
      'no-sidecar',
      `Namespace ${namespace} has no label ${INJECTION}, without which Kuma injects no sidecar there, whatever a pod's label says; and it sends requests to pods with a sidecar only`,
      `label the namespace: kubectl label namespace ${namespace} ${INJECTION}=enabled`,
    );
  }
  if (pods.length > 0 && !pods.some(({ proxied }) => proxied)) {
    return refuse(
      'not-in-mesh',
      `None of the pods of ${namespace}/${name} has a sidecar, so the mesh does not route calls to it`,
      `have a sidecar injected into them: label the namespace ${INJECTION}=enabled and restart them`,
    );
  }
  return undefined;
}

const podsOf = ({ namespace, selector }: Service, world: World): readonly Pod[] =>
  Object.keys(selector).length === 0
    ? []
    : world.pods.filter((pod) => pod.ref.namespace === namespace && labelsMatch(selector, pod.labels));

/** Pods may be of another mesh than their namespace. */
function meshLabel(pods: readonly Pod[], service: Service, world: World): Labels {
  const home = world.namespaces.get(service.namespace)?.mesh ?? 'default';
  const mesh = pods[0]?.mesh ?? service.mesh;
  return mesh === home ? {} : { [MESH_LABEL]: mesh };
}

/** Core copies `appProtocol`; what a port carries can also stand in an annotation (kuma `k8s/controllers/inbound_converter.go`, 2.14). */
function protocols(service: Service, ports: readonly number[]): Labels {
  const keys = ports.map((port) => `${port}.service.kuma.io/protocol`);
  return Object.fromEntries(Object.entries(metaOf(service.object).annotations).filter(([key]) => keys.includes(key)));
}

const asNote = ({ code, message, ref }: Refusal): Note => ({ code, message, ...(ref === undefined ? {} : { ref }) });

function unread({ namespace }: Service, world: World): readonly Note[] {
  if (world.namespaces.has(namespace)) return [];
  return [
    {
      code: 'namespace-unread',
      message: `Namespace ${namespace} could not be read; Kuma injects a sidecar only if it has the label ${INJECTION}`,
    },
  ];
}
