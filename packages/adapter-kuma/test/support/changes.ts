import {
  type Change,
  canonicalJson,
  type Intent,
  type KubeObject,
  type Match,
  type MeshEnvironment,
  metaOf,
  type ObjectEdit,
  type Observed,
  type Owner,
  observeObjects,
  observeTarget,
  type Planned,
  refKey,
  refOf,
  type ServiceRef,
  simulate,
  type Version,
} from '@heddle/core';
import { reads } from '../../src/decode/index.js';
import { encode } from '../../src/encode/encode.js';
import { affects } from '../../src/environment/index.js';
import { adapter } from '../../src/index.js';
import { kuma, mesh, namespace, pod, service } from './mesh-objects.js';

export const CART: ServiceRef = { namespace: 'shop', name: 'cart', port: 80 };
export const CART_TAG = 'cart_shop_svc_80';

export const session = (id: string, namespaceName = 'shop'): Owner => ({ kind: 'session', namespace: namespaceName, id });
export const header = (name: string, value: string): Match => ({ headers: [{ name, is: { exact: value } }] });
const shadowNameOf = (id: string): string => `heddle-cart-${id}`;
export const shadowTag = (id: string): string => `heddle-cart-${id}_shop_svc_80`;

/** A session's change as core makes it: everything that matches goes to the shadow. */
export function takeover(id: string, match: Match = header('x-dev', id), services: readonly ServiceRef[] = [CART]): Change {
  return {
    owner: session(id),
    services,
    views: 'all',
    versions: [{ id, realise: 'service', service: { namespace: 'shop', name: shadowNameOf(id) } }],
    intents: [{ match: [match], to: [{ version: id, weight: 100 }] }],
  };
}

/** A standing split by the tag `version`. */
export function split(weights: Readonly<Record<string, number>>): Change {
  return {
    owner: { kind: 'route', namespace: 'shop', id: 'cart.split' },
    services: [CART],
    views: 'all',
    versions: Object.keys(weights).map((id) => ({ id, realise: 'tag' as const, labels: { version: id } })),
    intents: [{ match: [], to: Object.entries(weights).map(([version, weight]) => ({ version, weight })) }],
  };
}

/** The standing routes of cart, among versions by the tag `version` and Services of their own. */
export function standing(intents: readonly Intent[], services: readonly string[] = []): Change {
  const tags = ['v1', 'v2'].map((id): Version => ({ id, realise: 'tag', labels: { version: id } }));
  const own = services.map((name): Version => ({ id: name, realise: 'service', service: { namespace: 'shop', name } }));
  return { ...split({}), owner: { kind: 'route', namespace: 'shop', id: 'cart' }, versions: [...tags, ...own], intents };
}

export const to = (version: string, ...match: readonly Match[]): Intent => ({ match, to: [{ version, weight: 100 }] });
export const mirrorTo = (version: string, percent: number, ...match: readonly Match[]): Intent => ({ match, mirror: { version, percent } });
export const below = (value: string, more: Match = {}): Match => ({ ...more, path: { kind: 'segmentPrefix', value } });

export const removal = (change: Change): Change => ({ ...change, versions: [], intents: [] });

/** As a server holds it: identified, and a Pod with its sidecar. */
export function stored(object: KubeObject): KubeObject {
  const metadata = object.metadata as Readonly<Record<string, unknown>>;
  const uid = `uid-${refKey(refOf(object))}`;
  const known = { uid, resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z', ...metadata };
  if (object.kind !== 'Pod') return { ...object, metadata: known };
  const spec = object.spec as { readonly containers: readonly unknown[] };
  return { ...object, metadata: known, spec: { ...spec, containers: [...spec.containers, { name: 'kuma-sidecar' }] } };
}

/** The shadow of a session: its Service and its ready Pod. */
export const shadowObjects = (id: string): readonly KubeObject[] => [
  service(shadowNameOf(id), {}, 'shop', {}, { selector: { 'heddle.dev/session': id } }),
  pod(shadowNameOf(id), { 'heddle.dev/session': id }),
];

/** A client, two versions of cart, another service, and the shadows of two sessions. */
export function world(...more: readonly KubeObject[]): readonly KubeObject[] {
  const objects = [
    mesh(),
    namespace('shop'),
    namespace('kuma-system', { 'kuma.io/sidecar-injection': 'disabled' }),
    pod('web-0', { app: 'web' }),
    service('cart'),
    pod('cart-v1', { app: 'cart', version: 'v1' }),
    pod('cart-v2', { app: 'cart', version: 'v2' }),
    service('other'),
    pod('other-0', { app: 'other' }),
    ...shadowObjects('a1'),
    ...shadowObjects('b2'),
    ...more,
  ];
  const ofKey = new Map(objects.map((object) => [refKey(refOf(object)), stored(object)]));
  return [...ofKey.values()];
}

export function planned(objects: readonly KubeObject[], change: Change, env: MeshEnvironment = kuma()): Planned<readonly ObjectEdit[]> {
  const target = affects(change, observe(objects, change.services, env), env);
  const seen = observe(objects, target.services, env);
  const first = encode(change, seen, env);
  if ('refused' in first) return first;
  // As core does: what the edits lead to is read, and then encoded again.
  const more = observeObjects(objects, reads(target, simulate(seen, first.ok), env));
  return encode(change, new Map([...seen, ...more]), env);
}

export function observe(objects: readonly KubeObject[], services: readonly ServiceRef[], env: MeshEnvironment = kuma()): Observed {
  return observeTarget({ adapter, env }, { services }, objects);
}

export function editsOf(objects: readonly KubeObject[], change: Change, env: MeshEnvironment = kuma()): readonly ObjectEdit[] {
  const result = planned(objects, change, env);
  if ('refused' in result) throw new Error(`refused: ${result.refused.map(({ code, message }) => `${code}: ${message}`).join('; ')}`);
  return result.ok;
}

export function refusalsOf(objects: readonly KubeObject[], change: Change, env: MeshEnvironment = kuma()): readonly string[] {
  const result = planned(objects, change, env);
  return 'refused' in result ? result.refused.map(({ code }) => code) : [];
}

export function notesOf(objects: readonly KubeObject[], change: Change): readonly string[] {
  const result = planned(objects, change);
  return 'refused' in result ? [] : result.notes.map(({ code }) => code);
}

/** The objects after a change, as a server would hold them; throws what was refused. */
export function apply(objects: readonly KubeObject[], change: Change, env: MeshEnvironment = kuma()): readonly KubeObject[] {
  const written = new Set<string>();
  const state = new Map(objects.map((object) => [refKey(refOf(object)), object]));
  for (const edit of editsOf(objects, change, env)) {
    const key = refKey(edit.ref);
    const { uid, resourceVersion } = metaOf(state.get(key));
    if (edit.op === 'create') {
      if (state.has(key)) throw new Error(`${key} exists`);
      state.set(key, withMetadata(edit.body, { uid: `made-${key}`, resourceVersion: '1' }));
      continue;
    }
    if (!written.has(key) && (uid !== edit.uid || resourceVersion !== edit.resourceVersion)) throw new Error(`${key}: conflict`);
    // What is edited twice is edited at the version that the first edit left, as core does.
    written.add(key);
    if (edit.op === 'delete') state.delete(key);
    else state.set(key, withMetadata(edit.body, { resourceVersion: String(Number(resourceVersion) + 1) }));
  }
  return [...state.values()];
}

function withMetadata(object: KubeObject, more: Readonly<Record<string, string>>): KubeObject {
  return { ...object, metadata: { ...(object.metadata as object), ...more } };
}

/** All objects but for what tells when and by whom they were stored, in one order. */
export function content(objects: readonly KubeObject[]): readonly string[] {
  return objects
    .map((object) => {
      const { resourceVersion: _version, uid: _uid, ...metadata } = object.metadata as Record<string, unknown>;
      return canonicalJson({ ...object, metadata });
    })
    .sort();
}

export function find(objects: readonly KubeObject[], kind: string, name: string): KubeObject | undefined {
  return objects.find((object) => object.kind === kind && metaOf(object).name === name);
}

export const specOf = (object: KubeObject | undefined): unknown => object?.spec;
