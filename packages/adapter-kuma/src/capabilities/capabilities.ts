import type { Capabilities, MeshEnvironment } from '@heddle/core';

/** What a mesh routes by. */
export type Routing = 'TrafficRoute' | 'MeshHTTPRoute';

const SERVICE_INSTEAD = 'give the version a Service of its own, as sessions do';
const OTHER_HEADER = 'match on the value of a header';
const FAULT_INSTEAD =
  'write a MeshFaultInjection with the service as targetRef: its delay, abort and percentage hold for all requests of the callers it names';

/** The same for both ways of routing (kuma 2.14: `api/mesh/v1alpha1/traffic_route.proto`, `meshhttproute/api/v1alpha1/meshhttproute.go`). */
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
  // kuma `meshfaultinjection/api/v1alpha1/meshfaultinjection.go` and `plugin/v1alpha1/plugin.go`, 2.14: a filter of the called service's
  // inbound listener, told apart by the caller's tags (`from`, up to 2.x) or identity (`rules`); no route carries a fault.
  fault: {
    unsupported: 'the proxies of the called service inject faults, into all requests of a caller, and no rule of a route can',
    instead: FAULT_INSTEAD,
  },
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
    // A value or a pattern (`QueryParamsMatchType`); recorded answers say that the proxies hold to it.
    'match.query': 'supported',
    // Since 2.2 (`meshhttproute/xds/filters/requestmirror.go`).
    mirror: 'supported',
  },
  TrafficRoute: {
    'match.path.rawPrefix': 'supported',
    'match.header.absent': { unsupported: 'a TrafficRoute cannot ask for the absence of a header', instead: OTHER_HEADER },
    'match.query': { unsupported: 'a TrafficRoute cannot look at query parameters', instead: OTHER_HEADER },
    mirror: {
      unsupported: 'a TrafficRoute copies no requests',
      instead: 'route the mesh by MeshHTTPRoutes, whose rules can mirror; or split, so that the version gets a share of the requests',
    },
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
  if (major >= 3) return { 'to.tag': { unsupported: `Kuma ${env.version} has no destinations by tags`, instead: SERVICE_INSTEAD } };
  const why = 'the control plane runs without tags on inbounds';
  return {
    'to.tag': { unsupported: why, instead: SERVICE_INSTEAD },
    // Up to 2.14.3 a mirror's destination is looked up by its tag (kuma `meshhttproute/plugin/v1alpha1/listeners.go`).
    mirror: { unsupported: `${why}, and a mirror finds its destination by them`, instead: 'split, so that the version gets a share' },
  };
}
