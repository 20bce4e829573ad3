import { isRecord } from '@heddle/core';

/** The kinds of one group and version. `silent`: listed, but nothing could be learnt about it. */
export interface GroupKinds {
  readonly apiVersion: string;
  readonly kinds: readonly { readonly kind: string; readonly plural: string; readonly namespaced: boolean }[];
  readonly silent?: boolean;
}

const list = (value: unknown): readonly Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isRecord) : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** An APIGroupDiscoveryList (apidiscovery.k8s.io/v2 and v2beta1): versions come preferred first. `undefined` for anything else. */
export function readAggregated(document: unknown): readonly GroupKinds[] | undefined {
  if (!isRecord(document) || document.kind !== 'APIGroupDiscoveryList') return undefined;
  return list(document.items).flatMap((group) => {
    const name = isRecord(group.metadata) ? text(group.metadata.name) : '';
    return list(group.versions).map((version) => ({
      apiVersion: name === '' ? text(version.version) : `${name}/${text(version.version)}`,
      kinds: list(version.resources).flatMap((resource) => {
        const kind = isRecord(resource.responseKind) ? text(resource.responseKind.kind) : '';
        return kind === '' ? [] : [{ kind, plural: text(resource.resource), namespaced: resource.scope === 'Namespaced' }];
      }),
      silent: version.freshness === 'Stale' && list(version.resources).length === 0,
    }));
  });
}

/** An APIVersions document of `/api`: `v1`. */
export function readVersions(document: unknown): readonly string[] {
  return isRecord(document) && Array.isArray(document.versions) ? document.versions.map(text).filter((version) => version !== '') : [];
}

/** An APIGroupList of `/apis`: `apps/v1`, a group's preferred version first. */
export function readGroupList(document: unknown): readonly string[] {
  return list(isRecord(document) ? document.groups : undefined).flatMap((group) => {
    const preferred = isRecord(group.preferredVersion) ? text(group.preferredVersion.groupVersion) : '';
    const versions = list(group.versions).map((version) => text(version.groupVersion));
    return [...new Set([preferred, ...versions])].filter((version) => version !== '');
  });
}

/** An APIResourceList; subresources are left out. */
export function readResourceList(document: unknown, apiVersion: string): GroupKinds {
  const resources = list(isRecord(document) ? document.resources : undefined);
  return {
    apiVersion,
    kinds: resources
      .filter((resource) => !text(resource.name).includes('/'))
      .map((resource) => ({ kind: text(resource.kind), plural: text(resource.name), namespaced: resource.namespaced === true })),
  };
}
