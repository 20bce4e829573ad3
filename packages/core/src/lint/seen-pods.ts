import { isRecord, type KubeObject, type Labels, labelsMatch, metaOf } from '../model/object.js';
import { isKeptBack, type Observed, objectsOf } from '../model/observed.js';

/** A Pod as far as findings ask. */
export interface SeenPod {
  readonly object: KubeObject;
  readonly name: string;
  readonly labels: Labels;
  readonly ready: boolean;
}

export interface SeenPods {
  /** Those of a namespace that carry all of the labels; none for no labels, as a Service without a selector has none. */
  selected(namespace: string, labels: Labels): readonly SeenPod[];
  inNamespace(namespace: string): readonly SeenPod[];
  /** Of any namespace. */
  withLabels(labels: Labels): readonly SeenPod[];
  /**
   * Whether the Pods of a namespace are all known: in a cluster they are where Pods could be listed, in files where some Pod of the
   * namespace is there.
   */
  known(namespace: string): boolean;
  /** Whether they are all that a cluster has: neither from files, nor what rights allowed to be read. */
  readonly isLive: boolean;
}

/** Pods by namespace and label, so that asking for those of every Service stays linear. */
export function seenPods(seen: Observed): SeenPods {
  const byLabel = new Map<string, SeenPod[]>();
  const byNamespace = new Map<string, SeenPod[]>();
  for (const object of objectsOf(seen, '', 'Pod')) {
    const { namespace = '', name, labels } = metaOf(object);
    const pod: SeenPod = { object, name, labels, ready: isReady(object) };
    add(byNamespace, namespace, pod);
    for (const [key, value] of Object.entries(labels)) {
      add(byLabel, `${namespace} ${key}=${value}`, pod);
      add(byLabel, ` ${key}=${value}`, pod);
    }
  }
  const live = isLive(seen);
  const listed = [...seen].some(([key, one]) => key.startsWith('|Pod|') && 'objects' in one);
  const selected = (namespace: string, labels: Labels): readonly SeenPod[] => {
    const lists = Object.entries(labels).map(([key, value]) => byLabel.get(`${namespace} ${key}=${value}`) ?? []);
    const shortest = lists.reduce<readonly SeenPod[] | undefined>(
      (best, list) => (best === undefined || list.length < best.length ? list : best),
      undefined,
    );
    return (shortest ?? []).filter((pod) => labelsMatch(labels, pod.labels));
  };
  return {
    selected,
    inNamespace: (namespace) => byNamespace.get(namespace) ?? [],
    withLabels: (labels) => selected('', labels),
    isLive: live,
    known: (namespace) => listed && (live || byNamespace.has(namespace)),
  };
}

/**
 * Whether objects are all that a cluster has, which gives each a uid: not from files, and none of their kinds kept back for lack of
 * rights. Else what is not there may be elsewhere.
 */
export function isLive(seen: Observed): boolean {
  if ([...seen.values()].some(isKeptBack)) return false;
  return [...seen.values()].some((one) => 'objects' in one && one.objects.some((object) => metaOf(object).uid !== undefined));
}

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}

function isReady(object: KubeObject): boolean {
  const status = isRecord(object.status) ? object.status : {};
  const conditions = Array.isArray(status.conditions) ? status.conditions.filter(isRecord) : [];
  const ended = status.phase === 'Succeeded' || status.phase === 'Failed' || metaOf(object).deletionTimestamp !== undefined;
  return !ended && conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True');
}
