import {
  describeRef,
  type KubeObject,
  type Labels,
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
import { labelsIn, record } from '../decode/raw.js';
import { findService } from '../encode/find-service.js';
import { completeHost, fqdnOf } from '../encode/hosts.js';
import { policyGaps } from './policies.js';
import { injects, podsOf } from './sidecar.js';

/**
 * Labels of the shadow's pod: with or without a sidecar, and never one that the service's selector asks for. What is written for the
 * service's own pods and host and does not hold for the shadow is noted, or refused as `policy-gap`.
 */
export function shadow(spec: ShadowSpec, seen: Observed, env: MeshEnvironment): Planned<ShadowNeeds> {
  if (spec.realise !== 'service') {
    const support = capabilities(env)[`to.${spec.realise}`];
    const why = typeof support === 'object' ? support : { unsupported: 'not supported' };
    return {
      refused: [
        {
          code: `to.${spec.realise}`,
          message: `Istio: ${why.unsupported}`,
          ...(why.instead === undefined ? {} : { instead: why.instead }),
        },
      ],
    };
  }
  const [base] = spec.services;
  if (base === undefined) return refuse('no-service', 'The shadow is for no service');
  const found = findService(seen, base);
  if ('refused' in found) return found;
  const service = found.ok;
  const pods = podsOf(service, seen);
  const injection = spec.sidecar === 'off' ? { sidecar: false, notes: [] } : injects(base.namespace, pods, seen, env);
  const podLabels: Labels = { 'sidecar.istio.io/inject': String(injection.sidecar) };
  const selector = labelsIn(record(service.spec).selector);
  if (Object.keys(selector).length > 0 && labelsMatch(selector, podLabels)) {
    const message = `Service ${base.namespace}/${base.name} selects pods by sidecar.istio.io/inject alone, so it would select the shadow too`;
    return { refused: [{ code: 'shadow-selected', message, instead: 'give the service a selector of its own' }] };
  }
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
      serviceAnnotations: visibility(service),
      serviceAccountToken: false,
    },
    notes: [...injection.notes, ...gaps.map(asNote), ...destinationRules(base, seen, env)],
  };
}

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
