import { type KubeObject, type MeshEnvironment, metaOf, type Observed, objectsOf, refOf } from '@heddle/core';
import { mergeDelegate } from './merge-delegate.js';
import { parseDestinationRule, parseGateway, parseSidecar, parseVirtualService } from './parse-config.js';
import { parsePod, parseService } from './parse-kube.js';
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
  const services = configs('', 'Service').map((config) => parseService(config, domain, visibility(env, 'defaultServiceExportTo')));
  const pods = new Map<string, Pod[]>();
  for (const object of objectsOf(seen, '', 'Pod')) {
    const pod = parsePod(object);
    const known = pods.get(pod.ref.namespace);
    if (known === undefined) pods.set(pod.ref.namespace, [pod]);
    else known.push(pod);
  }
  return {
    domain,
    rootNamespace: env.settings.rootNamespace ?? 'istio-system',
    outbound: env.settings.outboundTrafficPolicy === 'REGISTRY_ONLY' ? 'REGISTRY_ONLY' : 'ALLOW_ANY',
    services,
    serviceByHost: new Map(services.map((service) => [service.host, service])),
    virtualServices: mergeRoots(
      configs(NETWORKING, 'VirtualService').map((config) =>
        parseVirtualService(config, domain, visibility(env, 'defaultVirtualServiceExportTo')),
      ),
    ),
    destinationRules: configs(NETWORKING, 'DestinationRule').map((config) => parseDestinationRule(config, domain)),
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
  const meta = metaOf(object);
  const created = Date.parse(meta.creationTimestamp ?? '');
  const unknown = fromCluster ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  return { ref: refOf(object), object, namespace: meta.namespace ?? '', name: meta.name, age: Number.isNaN(created) ? unknown : created };
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
