import { type KubeObject, type MeshEnvironment, metaOf, type Observed, objectsOf, refOf } from '@heddle/core';
import { meshRoutes } from './gateway-api/mesh-routes.js';
import { GATEWAY_API } from './gateway-api/references.js';
import { mergeDelegate } from './merge-delegate.js';
import { parseDestinationRule, parseGateway, parseSidecar, parseVirtualService } from './parse-config.js';
import { parsePod, parseService } from './parse-kube.js';
import { record, text } from './raw.js';
import { asVirtualServices, withoutSniffing } from './route-rule/as-virtual-services.js';
import { judgeRouteRules } from './route-rule/judge.js';
import { LEGACY } from './route-rule/legacy-group.js';
import { parseRouteRule } from './route-rule/parse-route-rule.js';
import type { Config, Pod, VirtualService, Visibility, World } from './world-types.js';

export const NETWORKING = 'networking.istio.io';

/** Reads all seen objects. Accepts whatever a user wrote: what has the wrong type counts as absent. */
export function readWorld(seen: Observed, env: MeshEnvironment): World {
  const domain = env.settings.clusterDomain ?? 'cluster.local';
  const fromCluster = [...seen.values()].some((one) => 'objects' in one && one.objects.some((object) => metaOf(object).uid !== undefined));
  const configs = (group: string, kind: string) =>
    objectsOf(seen, group, kind)
      .map((object) => configOf(object, fromCluster))
      .sort(byAge);
  const known = configs('', 'Service').map((config) => parseService(config, domain, visibility(env, 'defaultServiceExportTo')));
  const pods = new Map<string, Pod[]>();
  for (const object of objectsOf(seen, '', 'Pod')) {
    const pod = parsePod(object);
    const known = pods.get(pod.ref.namespace);
    if (known === undefined) pods.set(pod.ref.namespace, [pod]);
    else known.push(pod);
  }
  const defaultVisible = visibility(env, 'defaultVirtualServiceExportTo');
  const written = configs(NETWORKING, 'VirtualService').map((config) => parseVirtualService(config, domain, defaultVisible));
  const destinationRules = configs(NETWORKING, 'DestinationRule').map((config) => parseDestinationRule(config, domain));
  const legacy = configs(LEGACY, 'RouteRule').map((config) => parseRouteRule(config, domain));
  const routeRules = judgeRouteRules(legacy, env, { virtualServices: written, destinationRules, fromCluster });
  const services = withoutSniffing(known, routeRules);
  const serviceByHost = new Map(services.map((service) => [service.host, service]));
  const routes = ['HTTPRoute', 'GRPCRoute'].flatMap((kind) => configs(GATEWAY_API, kind));
  const made = meshRoutes({ routes, serviceByHost, domain, defaultVisible });
  return {
    domain,
    rootNamespace: env.settings.rootNamespace ?? 'istio-system',
    outbound: env.settings.outboundTrafficPolicy === 'REGISTRY_ONLY' ? 'REGISTRY_ONLY' : 'ALLOW_ANY',
    services,
    serviceByHost,
    virtualServices: [...mergeRoots(written), ...made, ...asVirtualServices(routeRules, serviceByHost)].sort(byAge),
    routeRules,
    routes,
    destinationRules,
    sidecars: configs(NETWORKING, 'Sidecar').map(parseSidecar),
    gateways: configs(NETWORKING, 'Gateway').map(parseGateway),
    pods,
  };
}

/** What a mesh-wide default says of objects that do not say themselves who can see them. */
export function visibility(env: MeshEnvironment, setting: string): Visibility {
  const text = env.settings[setting];
  return new Set(text === undefined || text === '' ? ['*'] : text.split(',').map((part) => part.trim()));
}

/**
 * An object without a creation time is about to be created when the others come from a cluster (they have uids), so it is the
 * youngest; in files, where nothing says what is older, it counts as the oldest.
 */
function configOf(object: KubeObject, fromCluster: boolean): Config {
  // Asked of every object: labels and annotations are not looked at.
  const ref = refOf(object);
  const created = Date.parse(text(record(object.metadata).creationTimestamp));
  const unknown = fromCluster ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  return { ref, object, namespace: ref.namespace ?? '', name: ref.name, age: Number.isNaN(created) ? unknown : created };
}

/** Oldest first; equally old ones by name, then namespace (istio `pilot/pkg/model/config.go`). */
function byAge(a: Config, b: Config): number {
  if (a.age !== b.age) return a.age < b.age ? -1 : 1;
  return compare(a.name, b.name) || compare(a.namespace, b.namespace);
}

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

/** Roots with their delegates' rules in place; VirtualServices without hosts are delegates only. */
function mergeRoots(all: readonly VirtualService[]): readonly VirtualService[] {
  const leaves = new Map(all.filter(({ hosts }) => hosts.length === 0).map((leaf) => [`${leaf.namespace}/${leaf.name}`, leaf]));
  return all
    .filter(({ hosts }) => hosts.length > 0)
    .map((root) => {
      if (root.http.every(({ delegate }) => delegate === undefined)) return root;
      const delegates: VirtualService['delegates'][number][] = [];
      const http = root.http.flatMap((rule, rootIndex) => {
        if (rule.delegate === undefined) return [rule];
        const leaf = leaves.get(`${rule.delegate.namespace}/${rule.delegate.name}`);
        if (leaf === undefined || !(leaf.visible.has('*') || leaf.visible.has(root.namespace))) return [];
        delegates.push({ ref: leaf.ref, object: leaf.object, rootIndex });
        return mergeDelegate(rule, leaf.http);
      });
      return { ...root, http, delegates };
    });
}
