import { groupOf, isRecord, type KubeObject, type Scenario } from '@heddle/core';

type ScenarioKind = Scenario['kinds'][number];

/** A served kind. Custom resources are stored once and served in all of their versions by rewriting apiVersion. */
export interface KindSpec extends Required<ScenarioKind> {
  readonly custom: boolean;
  /** Whether the server counts `metadata.generation`. */
  readonly generation: boolean;
  /** Whether a PUT without resourceVersion is taken (custom resources and Leases refuse it). */
  readonly unconditionalUpdate: boolean;
}

/** What a kind must say of itself; the rest can be left out. */
export type KindInput = Omit<ScenarioKind, 'singular'> & Partial<Pick<ScenarioKind, 'singular'>>;

export function customKind(input: KindInput): KindSpec {
  const flags = { custom: true, generation: true, unconditionalUpdate: false };
  return { singular: input.kind.toLowerCase(), shortNames: [], columns: [], ...input, ...flags };
}

const builtIn = (apiVersion: string, kind: string, short: string, flags: Partial<KindSpec> = {}): KindSpec => ({
  ...customKind({
    group: groupOf(apiVersion),
    versions: apiVersion.split('/').slice(-1),
    kind,
    plural: `${kind.toLowerCase()}s`,
    namespaced: true,
  }),
  ...{ shortNames: short === '' ? [] : [short], custom: false, generation: false, unconditionalUpdate: true },
  ...flags,
});

/** What every cluster serves, as far as the sandbox needs it. */
export const BUILT_IN_KINDS: readonly KindSpec[] = [
  builtIn('v1', 'Namespace', 'ns', { namespaced: false }),
  builtIn('v1', 'Node', 'no', { namespaced: false }),
  builtIn('v1', 'Pod', 'po', { generation: true }),
  builtIn('v1', 'Service', 'svc'),
  builtIn('v1', 'Secret', ''),
  builtIn('v1', 'ConfigMap', 'cm'),
  builtIn('v1', 'ServiceAccount', 'sa'),
  builtIn('v1', 'Event', 'ev'),
  builtIn('apps/v1', 'Deployment', 'deploy', { generation: true }),
  builtIn('apps/v1', 'ReplicaSet', 'rs', { generation: true }),
  builtIn('coordination.k8s.io/v1', 'Lease', '', { unconditionalUpdate: false }),
  builtIn('policy/v1', 'PodDisruptionBudget', 'pdb'),
  builtIn('networking.k8s.io/v1', 'NetworkPolicy', 'netpol', { plural: 'networkpolicies' }),
];

/** `virtualservices.networking.istio.io`, `pods`: a resource or kind with its group, as messages name it. */
export function qualified(name: string, group: string): string {
  return group === '' ? name : `${name}.${group}`;
}

export function apiVersionOf(kind: KindSpec, version = kind.versions[0] ?? ''): string {
  return kind.group === '' ? version : `${kind.group}/${version}`;
}

/** The same object in another version: no field differs between the versions of a kind here. */
export function inVersion(object: KubeObject, apiVersion: string): KubeObject {
  return object.apiVersion === apiVersion ? object : { ...object, apiVersion };
}

/** The set of served kinds. */
export class Kinds {
  readonly all: readonly KindSpec[];

  constructor(extra: readonly KindInput[]) {
    const own = extra.map(customKind);
    this.all = [...BUILT_IN_KINDS.filter(({ group, kind }) => !own.some((spec) => spec.group === group && spec.kind === kind)), ...own];
  }

  byPlural(group: string, version: string, plural: string): KindSpec | undefined {
    return this.all.find((kind) => kind.group === group && kind.plural === plural && kind.versions.includes(version));
  }

  byKind(group: string, kind: string): KindSpec | undefined {
    return this.all.find((spec) => spec.group === group && spec.kind === kind);
  }

  /** A kind of the core group that is always there. */
  core(kind: 'Namespace' | 'Pod' | 'Secret' | 'Service'): KindSpec {
    const found = this.byKind('', kind);
    if (found === undefined) throw new Error(`the kind ${kind} is not served`);
    return found;
  }

  /** The kind of an object, if its apiVersion is served. */
  of(object: unknown): KindSpec | undefined {
    if (!isRecord(object) || typeof object.apiVersion !== 'string') return undefined;
    const kind = this.byKind(groupOf(object.apiVersion), String(object.kind));
    return kind?.versions.some((version) => apiVersionOf(kind, version) === object.apiVersion) ? kind : undefined;
  }
}
