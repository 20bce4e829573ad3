import { labelsIn } from '@heddle/core';
import { indexed, maybeRecord, maybeText, number, type Raw, record, records, texts } from './raw.js';
import { ORIGIN_LABEL } from './tags.js';
import type { BackendRef, Config, MeshRoute, PolicyRole, RouteRule, TargetRef, ToItem } from './world-types.js';

const ROLES: readonly PolicyRole[] = ['system', 'producer', 'consumer', 'workload-owner'];

/** Reads a MeshHTTPRoute or MeshTCPRoute (kuma `pkg/plugins/policies/mesh{http,tcp}route/api/v1alpha1`, 2.14). */
export function parseMeshRoute(config: Config, displayName: string, systemNamespace: string, major: number): MeshRoute {
  const spec = record(config.object.spec);
  const targetRef = maybeRecord(spec.targetRef);
  const to = indexed(spec.to).map(([index, item]) => parseTo(index, item));
  const stated = config.labels['kuma.io/policy-role'];
  const origin = config.labels[ORIGIN_LABEL];
  return {
    ...config,
    displayName,
    role: ROLES.find((role) => role === stated) ?? computedRole(config.namespace, to, systemNamespace, major),
    origin: origin === 'global' || origin === 'zone' ? origin : undefined,
    shadow: config.labels['kuma.io/effect'] === 'shadow',
    targetRef: targetRef === undefined ? { kind: 'Mesh' } : parseTargetRef(targetRef),
    to,
  };
}

function parseTo(index: number, raw: Raw): ToItem {
  const pointer = `/spec/to/${index}`;
  const rules = indexed(raw.rules).map(([at, rule]): RouteRule => {
    const conf = record(rule.default);
    return {
      index: at,
      pointer: `${pointer}/rules/${at}`,
      matches: records(rule.matches),
      filters: Array.isArray(conf.filters) ? records(conf.filters) : undefined,
      backendRefs: Array.isArray(conf.backendRefs) ? records(conf.backendRefs).map(parseBackendRef) : undefined,
    };
  });
  return { index, pointer, targetRef: parseTargetRef(record(raw.targetRef)), rules };
}

export function parseTargetRef(raw: Raw): TargetRef {
  const [name, namespace, sectionName] = [maybeText(raw.name), maybeText(raw.namespace), maybeText(raw.sectionName)];
  return {
    kind: maybeText(raw.kind) ?? '',
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(maybeRecord(raw.labels) === undefined ? {} : { labels: labelsIn(raw.labels) }),
    ...(maybeRecord(raw.tags) === undefined ? {} : { tags: labelsIn(raw.tags) }),
    ...(sectionName === undefined ? {} : { sectionName }),
    ...(Array.isArray(raw.proxyTypes) ? { proxyTypes: texts(raw.proxyTypes) } : {}),
  };
}

/** The weight is 1 when absent (`BackendRef`, kuma `api/common/v1alpha1/targetref.go`). */
export function parseBackendRef(raw: Raw): BackendRef {
  const port = number(raw.port);
  const weight = number(raw.weight) ?? 1;
  return { ...parseTargetRef(raw), weight: Math.max(0, weight), ...(port === undefined ? {} : { port }) };
}

/**
 * The role that Kuma's webhook writes into a label (kuma `pkg/core/resources/labels/compute.go`, `ComputePolicyRole`, 2.14): a policy
 * of the system namespace is the whole mesh's; one whose items all name Services of its own namespace speaks for those; any other for
 * the callers in its namespace. From 3.0 on, an item that selects by display name alone is a producer's too.
 */
function computedRole(namespace: string, to: readonly ToItem[], systemNamespace: string, major: number): PolicyRole {
  if (namespace === '' || namespace === systemNamespace) return 'system';
  if (to.length === 0) return 'workload-owner';
  return to.every(({ targetRef }) => isProducerItem(targetRef, namespace, major)) ? 'producer' : 'consumer';
}

/** Whether an item of a policy is about a Service of the policy's own namespace. */
export function isProducerItem(ref: TargetRef, namespace: string, major: number): boolean {
  if (ref.kind !== 'MeshService' && ref.kind !== 'MeshHTTPRoute') return false;
  if (ref.name !== undefined) return (ref.namespace ?? namespace) === namespace;
  if (major < 3 || ref.labels === undefined) return false;
  const { 'kuma.io/display-name': name, 'k8s.kuma.io/namespace': home = namespace, ...others } = ref.labels;
  return name !== undefined && home === namespace && Object.keys(others).length === 0;
}
