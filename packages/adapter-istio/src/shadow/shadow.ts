import {
  describeRef,
  type KubeObject,
  type Labels,
  labelsIn,
  labelsMatch,
  type MeshEnvironment,
  metaOf,
  type Note,
  type Observed,
  objectsOf,
  type Planned,
  type Refusal,
  refOf,
  refuse,
  type ShadowNeeds,
  type ShadowSpec,
} from '@heddle/core';
import { capabilities } from '../capabilities/capabilities.js';
import { record } from '../decode/raw.js';
import { findService } from '../encode/find-service.js';
import { completeHost, fqdnOf } from '../encode/hosts.js';
import { policyGaps } from './policies.js';
import { hasSidecar, injects, podsOf } from './sidecar.js';

/**
 * Labels of the shadow's pod: with or without a sidecar, and those that the service's selector asks for just where it is to be one of the
 * service's pods. What is written for these pods and the service's host and does not hold for the shadow is noted, or refused as `policy-gap`.
 */
export function shadow(spec: ShadowSpec, seen: Observed, env: MeshEnvironment): Planned<ShadowNeeds> {
  if (spec.realise === 'tag') return refuseTag(env);
  const behind = spec.realise === 'subset';
  const [base] = spec.services;
  if (base === undefined) return refuse('no-service', 'The shadow is for no service');
  const found = findService(seen, base);
  if ('refused' in found) return found;
  const service = found.ok;
  const pods = podsOf(service, seen);
  const injection = spec.sidecar === 'off' ? { sidecar: false, notes: [] } : injects(base.namespace, pods, seen, env);
  const inject: Labels = { 'sidecar.istio.io/inject': String(injection.sidecar) };
  const selector = labelsIn(record(service.spec).selector);
  if (behind && !injection.sidecar && pods.some(hasSidecar)) return refuseBare(base);
  if (!behind && Object.keys(selector).length > 0 && labelsMatch(selector, inject)) {
    const message = `Service ${base.namespace}/${base.name} selects pods by sidecar.istio.io/inject alone, so it would select the shadow too`;
    return { refused: [{ code: 'shadow-selected', message, instead: 'give the service a selector of its own' }] };
  }
  const podLabels: Labels = behind ? { ...selector, ...inject } : inject;
  const basePods = pods.length > 0 ? pods.map((pod) => metaOf(pod).labels) : [selector];
  const gaps = policyGaps(
    { namespace: base.namespace, service: base.name, basePods, shadow: { labels: podLabels, sidecar: injection.sidecar } },
    seen,
    env,
  );
  if (gaps.length > 0 && spec.acceptPolicyGap !== true) return { refused: gaps };
  return {
    ok: {
      sidecar: injection.sidecar,
      podLabels,
      podAnnotations: {},
      serviceLabels: {},
      serviceAnnotations: behind ? {} : visibility(service),
      serviceAccountToken: false,
    },
    notes: [...injection.notes, ...gaps.map(asNote), ...(behind ? [] : destinationRules(base, seen, env))],
  };
}

function refuseTag(env: MeshEnvironment): ReturnType<typeof refuse> {
  const support = capabilities(env)['to.tag'];
  if (typeof support !== 'object') return refuse('to.tag', 'Istio: not supported');
  return refuse('to.tag', `Istio: ${support.unsupported}`, support.instead);
}

/** mTLS and authorization are the sidecar's business: among pods that have one, a shadow without would be let out of both. */
const refuseBare = ({ namespace, name }: { readonly namespace: string; readonly name: string }): ReturnType<typeof refuse> =>
  refuse(
    'subset-without-sidecar',
    `The pods of ${namespace}/${name} have a sidecar and the shadow would have none, so the mesh's policies for them would not hold for it`,
    'let it have a sidecar, or a Service of its own: --realise service',
  );

/**
 * Who can see the service can see its shadow, and nobody else: a port that a proxy has met in no Service is passed through as TCP, and an
 * HTTP Service that shows up on it would change that (seen with istiod 1.31). `networking.istio.io/exportTo`: istio/api, annotation/annotations.yaml.
 */
function visibility(service: KubeObject): Labels {
  const exportTo = metaOf(service).annotations[EXPORT_TO];
  return exportTo === undefined ? {} : { [EXPORT_TO]: exportTo };
}

const EXPORT_TO = 'networking.istio.io/exportTo';

const asNote = ({ code, message, ref }: Refusal): Note => ({ code, message, ...(ref === undefined ? {} : { ref }) });

/** TLS, load balancing and limits of the service's host do not reach the shadow's: it is another host. */
function destinationRules(base: { namespace: string; name: string }, seen: Observed, env: MeshEnvironment): readonly Note[] {
  const host = fqdnOf(base, env).toLowerCase();
  const isOfBase = (rule: KubeObject) => completeHost(record(rule.spec).host, metaOf(rule).namespace ?? '', env) === host;
  return objectsOf(seen, 'networking.istio.io', 'DestinationRule')
    .filter((rule) => isOfBase(rule) && record(rule.spec).trafficPolicy !== undefined)
    .map((rule) => {
      const ref = refOf(rule);
      return { code: 'destination-rule-not-applied', message: `${describeRef(ref)}: its traffic policy does not hold for the shadow`, ref };
    });
}
