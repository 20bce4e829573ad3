import type { KubeObject } from '@heddle/core';
import { SERVER_VERSION } from '../in-process-cluster.js';
import type { KindSpec, Kinds } from '../store/index.js';

export const REVIEW_GROUP = 'authorization.k8s.io';
export const REVIEWS = 'selfsubjectaccessreviews';
const VERBS = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];

/** Legacy discovery and `/version`; `undefined` for other paths. */
export function discover(kinds: Kinds, path: string): KubeObject | undefined {
  const [major, minor] = SERVER_VERSION.slice(1).split('.');
  if (path === '/version') return { major, minor, gitVersion: SERVER_VERSION, gitTreeState: 'clean', platform: 'heddle/sandbox' };
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
  if (path === '/api/v1') return resources(kinds, '', 'v1');
  const groups = new Set([...kinds.all.map(({ group }) => group), REVIEW_GROUP]);
  groups.delete('');
  if (path === '/apis') return { kind: 'APIGroupList', apiVersion: 'v1', groups: [...groups].map((name) => groupOf(kinds, name)) };
  const [, prefix, group = '', version, more] = path.split('/');
  if (prefix !== 'apis' || more !== undefined || !groups.has(group)) return undefined;
  if (version === undefined) return { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(kinds, group) };
  return versionsOf(kinds, group).includes(version) ? resources(kinds, group, version) : undefined;
}

/** The versions of a group; the one that its first kind prefers comes first. */
function versionsOf(kinds: Kinds, name: string): readonly string[] {
  return name === REVIEW_GROUP ? ['v1'] : [...new Set(kinds.all.filter(({ group }) => group === name).flatMap(({ versions }) => versions))];
}

function groupOf(kinds: Kinds, name: string): KubeObject {
  const versions = versionsOf(kinds, name).map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions, preferredVersion: versions[0] };
}

function resources(kinds: Kinds, group: string, version: string): KubeObject {
  const served = kinds.all.filter((kind) => kind.group === group && kind.versions.includes(version)).flatMap(resource);
  const review = { name: REVIEWS, singularName: '', namespaced: false, kind: 'SelfSubjectAccessReview', verbs: ['create'] };
  const groupVersion = group === '' ? version : `${group}/${version}`;
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: group === REVIEW_GROUP ? [review] : served };
}

function resource({ plural, singular, namespaced, kind, shortNames }: KindSpec): readonly KubeObject[] {
  const own = { name: plural, singularName: singular, namespaced, kind, verbs: VERBS, ...(shortNames.length === 0 ? {} : { shortNames }) };
  const part = (name: string, of: string, ...verbs: string[]) => ({
    name: `${plural}/${name}`,
    singularName: '',
    namespaced,
    kind: of,
    verbs,
  });
  const forward = kind === 'Pod' ? [part('portforward', 'PodPortForwardOptions', 'create', 'get')] : [];
  return [own, part('status', kind, 'get', 'patch', 'update'), ...forward];
}
