import type { KubeObject } from '@heddle/core';
import { SERVER_VERSION } from '../in-process-cluster.js';
import type { KindSpec, Kinds } from '../store/index.js';

const VERBS = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];
/** What `kubectl get all` means. */
const WORKLOADS = ['Pod', 'Service', 'Deployment', 'ReplicaSet'];
export const REVIEWS = { group: 'authorization.k8s.io', plural: 'selfsubjectaccessreviews' };

/** Legacy discovery and `/version`; `undefined` for other paths. */
export function discover(kinds: Kinds, path: string): KubeObject | undefined {
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(SERVER_VERSION) ?? [];
  if (path === '/version') return { major, minor, gitVersion: SERVER_VERSION, gitTreeState: 'clean', platform: 'heddle/sandbox' };
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
  const groups = new Map<string, string[]>([[REVIEWS.group, ['v1']]]);
  for (const { group, versions } of kinds.all) groups.set(group, [...new Set([...(groups.get(group) ?? []), ...versions])]);
  const described = (name: string) => {
    const versions = (groups.get(name) ?? []).map((version) => ({ groupVersion: `${name}/${version}`, version }));
    return { name, versions, preferredVersion: versions[0] };
  };
  const named = [...groups.keys()].filter((name) => name !== '');
  if (path === '/apis') return { kind: 'APIGroupList', apiVersion: 'v1', groups: named.map(described) };
  const [, group = '', version] = /^\/apis\/([^/]+)(?:\/([^/]+))?$/.exec(path) ?? [];
  if (path === '/api/v1') return resources(kinds, '', 'v1');
  if (version === undefined) return named.includes(group) ? { kind: 'APIGroup', apiVersion: 'v1', ...described(group) } : undefined;
  return groups.get(group)?.includes(version) ? resources(kinds, group, version) : undefined;
}

function resources(kinds: Kinds, group: string, version: string): KubeObject {
  const served = kinds.all.filter((kind) => kind.group === group && kind.versions.includes(version)).flatMap(resource);
  const review = { name: REVIEWS.plural, singularName: '', namespaced: false, kind: 'SelfSubjectAccessReview', verbs: ['create'] };
  const groupVersion = group === '' ? version : `${group}/${version}`;
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: group === REVIEWS.group ? [review] : served };
}

function resource({ plural, singular, namespaced, kind, shortNames }: KindSpec): readonly KubeObject[] {
  const categories = WORKLOADS.includes(kind) ? ['all'] : [];
  const own = { name: plural, singularName: singular, namespaced, kind, verbs: VERBS, shortNames, categories };
  const part = (name: string, ...verbs: string[]) => ({ name: `${plural}/${name}`, singularName: '', namespaced, kind, verbs });
  return [
    own,
    part('status', 'get', 'patch', 'update'),
    ...(kind === 'Pod' ? [part('portforward', 'create', 'get'), part('log', 'get')] : []),
  ];
}
