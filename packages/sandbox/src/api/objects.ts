import { type KubeObject, metaOf } from '@heddle/core';
import { defined, digRecord } from '../dig.js';
import { ApiError, badRequest, inVersion, type Store } from '../store/index.js';
import { type Call, filterOf, keyOf, mediaType, objectOf, parseBody } from './call.js';
import { notImplemented, unsupportedMedia } from './errors.js';
import { isPlainMerge, jsonPatch, mergePatch } from './patch.js';
import { tableOf } from './table.js';

export interface Reply {
  readonly status: number;
  readonly body: object;
}

/** Everything but watch: carries out a call on the store. */
export function carryOut(store: Store, call: Call): Reply {
  const { verb, kind, query, subresource } = call;
  const flags = { dryRun: query.has('dryRun'), ...(subresource === 'status' ? { part: 'status' as const } : {}) };
  const one = (object: KubeObject, status = 200) => ({ status, body: render(store, call, object) });
  if (verb === 'list') return { status: 200, body: list(store, call) };
  if (verb === 'get') return one(store.get(kind, keyOf(call)));
  if (verb === 'create') return one(store.create(kind, objectOf(call), flags), 201);
  if (verb === 'update') return one(store.update(kind, objectOf(call), flags));
  if (verb === 'patch') return one(store.update(kind, patched(store, call), flags));
  return { status: 200, body: remove(store, call) };
}

const table = (store: Store, { kind, query }: Call, objects: readonly KubeObject[], metadata: KubeObject) =>
  tableOf(kind, objects, metadata, store.now(), query.get('includeObject'));

const wantsTable = ({ headers }: Call) => headers.accept?.includes('as=Table') === true;

/** An object as the client asked for it: itself in the version of the path, or a table with one row. */
export function render(store: Store, call: Call, object: KubeObject): KubeObject {
  const own = inVersion(object, call.apiVersion);
  return wantsTable(call) ? table(store, call, [own], {}) : own;
}

/** With `limit` and `continue`: a page's token names the revision and the last object of the page before. */
function list(store: Store, call: Call): KubeObject {
  const { kind, apiVersion, query } = call;
  const [, at = store.revision, after = ''] = /^(\d+) (.+)$/.exec(Buffer.from(query.get('continue') ?? '', 'base64url').toString()) ?? [];
  if (query.has('continue') && after === '') throw badRequest('continue key is not valid');
  if (Number(at) < store.history.compacted) throw new ApiError(410, 'Expired', 'The provided continue parameter is too old.');
  const place = (object: KubeObject) => `${metaOf(object).namespace ?? ''}/${metaOf(object).name}`;
  const found = store.list(kind, filterOf(call)).filter((object) => place(object) > after);
  const items = found.slice(0, Number(query.get('limit')) || found.length).map((object) => inVersion(object, apiVersion));
  const more = items.length < found.length ? { continue: Buffer.from(`${at} ${place(items.at(-1) ?? {})}`).toString('base64url') } : {};
  const metadata = { resourceVersion: String(at), ...more };
  if (wantsTable(call)) return table(store, call, items, metadata);
  // Lists of built-in kinds leave kind and apiVersion out of their items, those of custom resources do not.
  const bare = ({ apiVersion: _version, kind: _kind, ...rest }: KubeObject) => rest;
  return { kind: `${kind.kind}List`, apiVersion, metadata, items: kind.custom ? items : items.map(bare) };
}

/** The live object with a patch on it; the write then checks what that of a PUT would. */
function patched(store: Store, call: Call): KubeObject {
  const live = inVersion(store.get(call.kind, keyOf(call)), call.apiVersion);
  const patch = parseBody(call.text, call.kind.kind);
  switch (mediaType(call)) {
    case 'application/json-patch+json':
      return jsonPatch(live, patch);
    case 'application/strategic-merge-patch+json':
      if (call.kind.custom) break;
      if (!isPlainMerge(patch)) throw notImplemented('a strategic merge patch with lists or directives');
      return mergePatch(live, patch) as KubeObject;
    case 'application/merge-patch+json':
      return mergePatch(live, patch) as KubeObject;
    default:
  }
  throw unsupportedMedia('application/json-patch+json, application/merge-patch+json');
}

/** DELETE answers with the object for pods and services, with a Status for the rest. */
function remove(store: Store, call: Call): KubeObject {
  const { kind, apiVersion, query, name } = call;
  const given = digRecord({ body: call.text === '' ? {} : parseBody(call.text, kind.kind) }, 'body');
  const { uid, resourceVersion } = digRecord(given, 'preconditions') as { uid?: string; resourceVersion?: string };
  const { propagationPolicy, gracePeriodSeconds = 30, dryRun } = { ...given, ...Object.fromEntries(query) };
  const flags = { orphan: propagationPolicy === 'Orphan', now: Number(gracePeriodSeconds) === 0, dryRun: dryRun !== undefined };
  const removed = store.delete(kind, keyOf(call), { uid, resourceVersion, ...flags });
  const { uid: removedUid, deletionTimestamp } = metaOf(removed);
  if (kind.kind === 'Pod' || kind.kind === 'Service' || deletionTimestamp !== undefined) return inVersion(removed, apiVersion);
  const details = defined({ name, group: kind.group || undefined, kind: kind.plural, uid: removedUid });
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}
