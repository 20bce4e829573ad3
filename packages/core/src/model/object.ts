/** A Kubernetes object as it came from the API server: untyped until a codec has looked at it. */
export type KubeObject = Readonly<Record<string, unknown>>;

export type Labels = Readonly<Record<string, string>>;

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'delete';

/** A kind that an adapter reads or writes. `versions` lists what the adapter understands, preferred first. */
export interface ResourceKind {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly versions: readonly string[];
  readonly verbs: readonly Verb[];
  /** Only versions of the mesh read it that are long gone: `convert` writes it anew for those of today, also for the same mesh. */
  readonly legacy?: true;
}

/** Names one object. `apiVersion` is the one that the cluster serves and that it was read in. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/**
 * What to read: all objects of a kind, narrowed by namespace, name or label selector (`a=b,c=d`).
 * No namespace means all namespaces (or a cluster-scoped kind). The version is the cluster's business.
 */
export interface ObjectQuery {
  readonly group: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly labelSelector?: string;
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly creationTimestamp?: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly ownerReferences: readonly unknown[];
  readonly deletionTimestamp?: string;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads an object's metadata; what is missing or of the wrong type is left out, never invented. */
export function metaOf(object: unknown): ObjectMeta {
  const meta = isRecord(object) && isRecord(object.metadata) ? object.metadata : {};
  // Asked of every object of a cluster: filled in place instead of spread together.
  const read: { -readonly [K in keyof ObjectMeta]: ObjectMeta[K] } = {
    name: typeof meta.name === 'string' ? meta.name : '',
    labels: labelsIn(meta.labels),
    annotations: labelsIn(meta.annotations),
    ownerReferences: Array.isArray(meta.ownerReferences) ? meta.ownerReferences : [],
  };
  if (typeof meta.namespace === 'string') read.namespace = meta.namespace;
  if (typeof meta.uid === 'string') read.uid = meta.uid;
  if (typeof meta.resourceVersion === 'string') read.resourceVersion = meta.resourceVersion;
  if (typeof meta.creationTimestamp === 'string') read.creationTimestamp = meta.creationTimestamp;
  if (typeof meta.deletionTimestamp === 'string') read.deletionTimestamp = meta.deletionTimestamp;
  return read;
}

/** Asked of every object of a cluster, so it looks at no more than it needs. */
export function refOf(object: unknown): ObjectRef {
  const record = isRecord(object) ? object : {};
  const meta = isRecord(record.metadata) ? record.metadata : {};
  const apiVersion = typeof record.apiVersion === 'string' ? record.apiVersion : '';
  const kind = typeof record.kind === 'string' ? record.kind : '';
  const name = typeof meta.name === 'string' ? meta.name : '';
  return typeof meta.namespace === 'string' ? { apiVersion, kind, namespace: meta.namespace, name } : { apiVersion, kind, name };
}

/** `networking.istio.io` of `networking.istio.io/v1`; the core group is the empty string. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** One string for an object's identity, whatever version it was read in. */
export function refKey(ref: ObjectRef): string {
  return `${groupOf(ref.apiVersion)}/${ref.kind}/${ref.namespace ?? ''}/${ref.name}`;
}

/** How a message names an object: `VirtualService mesh-demo/tomcat`. */
export function describeRef(ref: ObjectRef): string {
  return `${ref.kind} ${ref.namespace === undefined ? '' : `${ref.namespace}/`}${ref.name}`;
}

/** `app=web,version=v1` */
export const labelText = (labels: Labels): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');

/** The same in order of the keys, as an `ObjectQuery` asks for labels: equal for equal labels. */
export const labelSelector = (labels: Labels): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',');

export function labelsMatch(selector: Labels, labels: Labels): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

/** A map of strings; other values are left out. */
export function labelsIn(value: unknown): Labels {
  if (!isRecord(value)) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
