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

function customKind(input: KindInput): KindSpec {
  const flags = { custom: true, generation: true, unconditionalUpdate: false };
  return { singular: input.kind.toLowerCase(), shortNames: [], columns: [], ...input, ...flags };
}

/** `columns`: what `kubectl get` shows beside name and age, as `Title=path`. */
function builtIn(apiVersion: string, kind: string, shortNames: readonly string[], columns = '', flags: Partial<KindSpec> = {}): KindSpec {
  const names = { group: groupOf(apiVersion), versions: apiVersion.split('/').slice(-1), kind, plural: `${kind.toLowerCase()}s` };
  const shown = [...columns.matchAll(/(\S+)=(\S+)/g)].map(([, name = '', path = '']) => ({ name, path }));
  const spec = customKind({ ...names, namespaced: true, shortNames, columns: shown });
  return { ...spec, custom: false, generation: false, unconditionalUpdate: true, ...flags };
}

/** The first container says whether the program runs, and what keeps it from it. */
const POD =
  'Ready=status.containerStatuses.0.ready Status=status.phase Reason=status.containerStatuses.0.state.waiting.reason IP=status.podIP';

/** What every cluster serves, as far as heddle reads it. */
const BUILT_IN_KINDS: readonly KindSpec[] = [
  builtIn('v1', 'Namespace', ['ns'], 'Status=status.phase', { namespaced: false }),
  builtIn('v1', 'Node', ['no'], '', { namespaced: false }),
  builtIn('v1', 'Pod', ['po'], POD, { generation: true }),
  builtIn('v1', 'Service', ['svc'], 'Type=spec.type Cluster-IP=spec.clusterIP Port=spec.ports.0.port'),
  builtIn('v1', 'Secret', [], 'Type=type'),
  builtIn('v1', 'ConfigMap', ['cm']),
  builtIn('v1', 'ServiceAccount', ['sa']),
  builtIn('v1', 'Event', ['ev']),
  builtIn('apps/v1', 'Deployment', ['deploy'], 'Ready=status.readyReplicas', { generation: true }),
  builtIn('apps/v1', 'ReplicaSet', ['rs'], '', { generation: true }),
  builtIn('coordination.k8s.io/v1', 'Lease', [], 'Holder=spec.holderIdentity', { unconditionalUpdate: false }),
  builtIn('policy/v1', 'PodDisruptionBudget', ['pdb']),
  builtIn('networking.k8s.io/v1', 'NetworkPolicy', ['netpol'], '', { plural: 'networkpolicies' }),
];

/** `routes.example.dev`, `pods`: a resource or kind with its group, as messages name it. */
export const qualified = (name: string, group: string) => (group === '' ? name : `${name}.${group}`);

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

  constructor(own: readonly KindInput[]) {
    const isOwn = (spec: KindSpec) => own.some(({ group, kind }) => spec.group === group && spec.kind === kind);
    this.all = [...BUILT_IN_KINDS.filter((spec) => !isOwn(spec)), ...own.map(customKind)];
  }

  byKind(group: string, kind: string): KindSpec | undefined {
    return this.all.find((spec) => spec.group === group && spec.kind === kind);
  }

  /** A kind of the core group that is always there. */
  core(kind: 'Namespace' | 'Pod' | 'Secret' | 'Service'): KindSpec {
    return this.byKind('', kind) as KindSpec;
  }

  /** The kind of an object, if its apiVersion is served. */
  of(object: unknown): KindSpec | undefined {
    const { apiVersion, kind } = isRecord(object) ? object : {};
    const spec = this.byKind(groupOf(String(apiVersion)), String(kind));
    return spec?.versions.some((version) => apiVersionOf(spec, version) === apiVersion) ? spec : undefined;
  }
}
