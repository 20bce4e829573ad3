import { contentHash, isRecord, type Labels, MANAGED_BY, metaOf, type Owner, ownerKey, parseOwnerKey } from '@heddle/core';

/** On a MeshHTTPRoute of ours, beside `app.kubernetes.io/managed-by: heddle`; as on the owner's record. */
const SESSION = 'heddle.dev/session';
/** The id of standing routes is their service's name and its ports, `<service>.<ports>`, which together can be too long for one label. */
const ROUTE = 'heddle.dev/route';
const SERVICE = 'heddle.dev/service';
/** The namespace of the owner's record. */
const NAMESPACE = 'heddle.dev/namespace';
/** On a TrafficRoute, which has no place for a name at an item: JSON from the hash of a standing item to its owner's key. */
export const OWNERS_ANNOTATION = 'heddle.dev/owners';

export function ownerLabels({ kind, namespace, id }: Owner): Labels {
  const dot = id.indexOf('.');
  const named =
    kind === 'session' ? { [SESSION]: id } : dot < 0 ? { [ROUTE]: id } : { [SERVICE]: id.slice(0, dot), [ROUTE]: id.slice(dot + 1) };
  return { [MANAGED_BY]: 'heddle', ...named, [NAMESPACE]: namespace };
}

/** Whose a MeshHTTPRoute is: each of ours holds one owner's rules. `undefined`: a user's. */
export function ownerOfRoute(object: unknown): Owner | undefined {
  const { labels } = metaOf(object);
  const { [NAMESPACE]: namespace = '', [SESSION]: session = '', [ROUTE]: route = '', [SERVICE]: service = '' } = labels;
  if (labels[MANAGED_BY] !== 'heddle' || namespace === '') return undefined;
  if (session !== '') return { kind: 'session', namespace, id: session };
  if (route === '') return undefined;
  return { kind: 'route', namespace, id: service === '' ? route : `${service}.${route}` };
}

/**
 * Whose an item of a TrafficRoute's `conf.http` is. A session's goes to its shadow and nowhere else, and the shadow's name says which
 * session it is; a standing route's is told by its hash, so one that somebody edited is nobody's any more.
 */
export function ownerOfItem(trafficRoute: unknown, index: number): Owner | undefined {
  const item = itemsOf(trafficRoute)[index];
  if (item === undefined) return undefined;
  return sessionOf(item) ?? standingOwners(trafficRoute).get(contentHash(item));
}

/** The standing items' owners by the items' hashes, as the annotation has them; what is no owner's key is left out. */
export function standingOwners(trafficRoute: unknown): ReadonlyMap<string, Owner> {
  const text = metaOf(trafficRoute).annotations[OWNERS_ANNOTATION];
  const parsed = text === undefined ? {} : parsedOrEmpty(text);
  return new Map(
    Object.entries(parsed).flatMap(([hash, key]): [string, Owner][] => {
      const owner = typeof key === 'string' ? parseOwnerKey(key) : undefined;
      return owner === undefined ? [] : [[hash, owner]];
    }),
  );
}

/** The annotation's text for owners by hash; `undefined` for none. */
export function ownersAnnotation(owners: ReadonlyMap<string, Owner>): string | undefined {
  if (owners.size === 0) return undefined;
  const entries = [...owners].map(([hash, owner]) => [hash, ownerKey(owner)] as const);
  return JSON.stringify(Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** `name_namespace_svc_port`, as Kuma names a Service's port in the tag `kuma.io/service` (k8s/controllers/inbound_converter.go). */
export function parseServiceTag(
  tag: unknown,
): { readonly name: string; readonly namespace: string; readonly port: number | undefined } | undefined {
  const [, name, namespace, port] = typeof tag === 'string' ? (/^([^_]+)_([^_]+)_svc(?:_(\d+))?$/.exec(tag) ?? []) : [];
  return name === undefined || namespace === undefined
    ? undefined
    : { name, namespace, port: port === undefined ? undefined : Number(port) };
}

export const serviceTag = (service: { readonly namespace: string; readonly name: string; readonly port: number }): string =>
  `${service.name}_${service.namespace}_svc_${service.port}`;

/** Names that begin so are the shadows' (core, `shadowName`): `heddle-<service>-<session>`. */
const SHADOW = /^heddle-.+-([a-z][a-z0-9]{0,11})$/;

function sessionOf(item: Readonly<Record<string, unknown>>): Owner | undefined {
  const split = Array.isArray(item.split) ? item.split : [];
  if (split.length > 1 || (split.length === 1 && item.destination !== undefined)) return undefined;
  const [only] = split;
  const destination = isRecord(only) ? only.destination : item.destination;
  const service = parseServiceTag(isRecord(destination) ? destination['kuma.io/service'] : undefined);
  const id = service === undefined ? undefined : SHADOW.exec(service.name)?.[1];
  return service === undefined || id === undefined ? undefined : { kind: 'session', namespace: service.namespace, id };
}

function itemsOf(trafficRoute: unknown): readonly Readonly<Record<string, unknown>>[] {
  const spec = isRecord(trafficRoute) && isRecord(trafficRoute.spec) ? trafficRoute.spec : {};
  const http = isRecord(spec.conf) ? spec.conf.http : undefined;
  return Array.isArray(http) ? http.map((item: unknown) => (isRecord(item) ? item : {})) : [];
}

function parsedOrEmpty(text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text);
    return isRecord(parsed) ? parsed : {};
  } catch {
    return {};
  }
}
