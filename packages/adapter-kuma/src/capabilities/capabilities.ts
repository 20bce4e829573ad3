import type { Capabilities, MeshEnvironment, Support } from '@heddle/core';

/** What a mesh routes by. */
export type Routing = 'TrafficRoute' | 'MeshHTTPRoute';

const SERVICE_INSTEAD = 'give the version a Service of its own, as sessions do';
const OTHER_HEADER = 'match on the value of a header';

/** The same for both ways of routing. */
const COMMON: Capabilities = {
  'match.path.exact': 'supported',
  'match.path.segmentPrefix': 'supported',
  'match.path.regex': 'supported',
  'match.path.ignoreCase': { unsupported: 'paths are compared in their letter case', instead: 'match with a regular expression: (?i)…' },
  'match.method': 'supported',
  'match.scheme': { unsupported: 'a rule cannot look at the scheme', instead: OTHER_HEADER },
  'match.authority': { unsupported: 'a rule is for a service, whatever name it is called by', instead: OTHER_HEADER },
  'match.header.exact': 'supported',
  'match.header.prefix': 'supported',
  'match.header.regex': 'supported',
  'match.header.present': 'supported',
  'match.header.not': { unsupported: 'a rule can ask for a value, not for its absence', instead: 'match the values wanted instead' },
  'to.service': 'supported',
  'to.subset': { unsupported: 'subsets are a notion of Istio', instead: 'name a tag of the pods (version: v1), or a Service' },
  'to.tag': 'supported',
  weights: 'supported',
  mirror: { unsupported: 'mirrors are read, not written', instead: 'send the requests to the version' },
  fault: { unsupported: 'faults are policies of their own for a whole service, not for some requests' },
  'view.mesh': 'supported',
  'view.gateway': { unsupported: "rules for Kuma's built-in gateways are not written", instead: 'route the calls of pods in the mesh' },
};

const OWN: Readonly<Record<Routing, Capabilities>> = {
  MeshHTTPRoute: {
    'match.path.rawPrefix': {
      unsupported: 'a MeshHTTPRoute knows prefixes of whole path segments only',
      instead: 'match on whole segments, or with a regular expression',
    },
    'match.header.absent': 'supported',
    'match.query': 'supported',
  },
  TrafficRoute: {
    'match.path.rawPrefix': 'supported',
    'match.header.absent': { unsupported: 'a TrafficRoute cannot ask for the absence of a header', instead: OTHER_HEADER },
    'match.query': { unsupported: 'a TrafficRoute cannot look at query parameters', instead: OTHER_HEADER },
  },
};

/**
 * What this adapter writes, by what the mesh routes by (`settings.routing`, from detection). Where that is not known beforehand, what
 * either can do; `encode` then refuses the rest by the same names.
 */
export function capabilities(env: MeshEnvironment): Capabilities {
  const routing = env.settings.routing;
  const own = routing === 'TrafficRoute' || routing === 'MeshHTTPRoute' ? OWN[routing] : either();
  return { ...COMMON, ...own, ...release(env) };
}

export function capabilitiesOf(routing: Routing, env: MeshEnvironment): Capabilities {
  return { ...COMMON, ...OWN[routing], ...release(env) };
}

function either(): Capabilities {
  const { MeshHTTPRoute, TrafficRoute } = OWN;
  return { ...TrafficRoute, ...MeshHTTPRoute, 'match.path.rawPrefix': 'supported' };
}

/** Since 3.0 a destination is a Service, never tags (kuma `UPGRADE.md`, 3.0: MeshServiceSubset is no backendRef any more). */
function release(env: MeshEnvironment): Capabilities {
  const major = Number(/^v?(\d+)\./.exec(env.version ?? '')?.[1] ?? 2);
  const untagged = env.settings.inboundTags === 'disabled';
  if (major < 3 && !untagged) return {};
  const why: Support = {
    unsupported: major < 3 ? 'the control plane runs without tags on inbounds' : `Kuma ${env.version} has no destinations by tags`,
    instead: SERVICE_INSTEAD,
  };
  return { 'to.tag': why };
}
