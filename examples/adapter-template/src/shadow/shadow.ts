import {
  labelsMatch,
  type MeshEnvironment,
  metaOf,
  type Note,
  type Observed,
  objectsOf,
  type Planned,
  refuse,
  type ShadowNeeds,
  type ShadowSpec,
} from '@heddle/core';
import { findService, readWorld } from '../decode/world.js';
import { inMesh } from '../environment/in-mesh.js';
import { policyGaps } from './policies.js';

/** Switches the injection of Istio's proxy on or off for one pod. */
const INJECT = 'sidecar.istio.io/inject';

/**
 * What the mesh wants of a shadow: the proxy, as the pods of its namespace have it. Policies that are written for the pods of the
 * Service do not hold for it, which is refused unless the user takes it so.
 */
export function shadow(spec: ShadowSpec, seen: Observed, env: MeshEnvironment): Planned<ShadowNeeds> {
  const [base] = spec.services;
  const world = readWorld(seen, env);
  const service = base === undefined ? undefined : findService(world, base.namespace, base.name);
  if (service === undefined) return refuse('service-missing', 'The Service that the shadow is for was not found');
  if (spec.realise !== 'service') return refuse(`to.${spec.realise}`, 'A backend must be a Service of its own');
  const pods = world.pods.filter((pod) => metaOf(pod).namespace === service.namespace && labelsMatch(service.selector, metaOf(pod).labels));
  const home = objectsOf(seen, '', 'Namespace').find((object) => metaOf(object).name === service.namespace);
  const sidecar = spec.sidecar === 'auto' && (home === undefined ? pods.some(inMesh) : injects(metaOf(home).labels));
  const podLabels = { [INJECT]: String(sidecar) };
  const gaps = policyGaps({ service, pods: pods.map((pod) => metaOf(pod).labels), labels: podLabels, sidecar }, seen, env);
  if (gaps.length > 0 && spec.acceptPolicyGap !== true) return { refused: gaps };
  return {
    ok: { sidecar, podLabels, podAnnotations: {}, serviceLabels: {}, serviceAnnotations: {}, serviceAccountToken: false },
    notes: gaps.map(({ code, message }): Note => ({ code, message })),
  };
}

/** By the namespace's labels: `istio-injection` goes before a revision (istio.io, Installing the Sidecar). */
function injects(labels: Readonly<Record<string, string>>): boolean {
  const injection = labels['istio-injection'];
  return injection === undefined ? (labels['istio.io/rev'] ?? '') !== '' : injection === 'enabled';
}
