import { type Raw, record, records } from '../../decode/raw.js';
import { DISPLAY_NAME_LABEL, NAMESPACE_TAG } from '../../decode/tags.js';
import type { MeshRoute } from '../../decode/world-types.js';

/** Where a copy stands, and of which Kuma. */
export interface Home {
  readonly namespace: string;
  readonly major: number;
}

/**
 * What a user's rule does, for a policy in another namespace: a destination that is named without a namespace is one of the policy's
 * own (kuma `core/rules/resolve/targetref.go`, TargetRefToKRI, 2.14; by labels in 3.0), so the copy says which that is.
 */
export function atHome(conf: Raw, policy: MeshRoute, { namespace, major }: Home): Raw {
  const home = policy.labels[NAMESPACE_TAG] ?? policy.namespace;
  if (home === namespace) return conf;
  const named = (ref: Raw) => (major >= 3 ? labelledAtHome(ref, home) : namedAtHome(ref, home));
  return {
    ...conf,
    ...(Array.isArray(conf.backendRefs) ? { backendRefs: records(conf.backendRefs).map(named) } : {}),
    ...(Array.isArray(conf.filters) ? { filters: records(conf.filters).map((filter) => mirrorTo(filter, named)) } : {}),
  };
}

function mirrorTo(filter: Raw, named: (ref: Raw) => Raw): Raw {
  if (filter.type !== 'RequestMirror') return filter;
  const mirror = record(filter.requestMirror);
  return { ...filter, requestMirror: { ...mirror, backendRef: named(record(mirror.backendRef)) } };
}

function labelledAtHome(ref: Raw, home: string): Raw {
  const labels = record(ref.labels);
  return DISPLAY_NAME_LABEL in labels && !(NAMESPACE_TAG in labels) ? { ...ref, labels: { ...labels, [NAMESPACE_TAG]: home } } : ref;
}

/** A MeshService with neither port nor section is the value of the tag `kuma.io/service`, which has no namespace. */
function namedAtHome(ref: Raw, home: string): Raw {
  const { kind, name, namespace, port, sectionName } = ref;
  const isResource = kind === 'MeshService' ? port !== undefined || sectionName !== undefined : kind !== 'MeshServiceSubset';
  return isResource && name !== undefined && namespace === undefined ? { ...ref, namespace: home } : ref;
}
