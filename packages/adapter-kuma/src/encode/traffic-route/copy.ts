import { contentHash, type KubeObject, MANAGED_BY, type MeshEnvironment } from '@heddle/core';
import { record } from '../../decode/raw.js';
import { SERVICE_TAG } from '../../decode/tags.js';
import type { TrafficRoute } from '../../decode/world-types.js';
import { COPIED, COPIED_FROM, copiedContent } from './object.js';

const LONGEST_NAME = 253;

/** The same for everybody, so that two who make it collide and look again. */
export function copyName(route: TrafficRoute, tag: string): string {
  const tail = `-${contentHash([route.name, tag]).slice(0, 8)}`;
  return `heddle-${tag.replaceAll('_', '-')}-${route.name}`.slice(0, LONGEST_NAME - tail.length) + tail;
}

/**
 * A TrafficRoute that decides for several services, for one of them alone. Naming the service it is more specific than its original,
 * so it decides for the service, and for the same callers (kuma `pkg/core/policy/connection_matcher.go`, 2.14). No owner references:
 * whoever removes the last rule deletes it (design §7).
 */
export function copyOf(route: TrafficRoute, tag: string, env: MeshEnvironment): KubeObject {
  const spec = record(route.object.spec);
  const { conf, http, sources } = copiedContent(route.object);
  const content = { sources, conf, http };
  return {
    apiVersion: env.served.TrafficRoute ?? 'kuma.io/v1alpha1',
    kind: 'TrafficRoute',
    mesh: route.mesh,
    metadata: {
      name: copyName(route, tag),
      labels: { [MANAGED_BY]: 'heddle' },
      annotations: { [COPIED_FROM]: route.name, [COPIED]: contentHash(content) },
    },
    spec: {
      ...spec,
      destinations: [{ match: { [SERVICE_TAG]: tag } }],
      conf: Array.isArray(http) && http.length > 0 ? { ...record(conf), http } : conf,
    },
  };
}
