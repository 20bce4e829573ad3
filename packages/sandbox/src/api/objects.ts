import { isRecord, type KubeObject, metaOf } from '@heddle/core';
import { defined, digRecord } from '../dig.js';
import { ApiError, badRequest, inVersion, type Store } from '../store/index.js';
import { type Call, filterOf, keyOf, mediaType, objectOf, parseBody } from './call.js';
import { notImplemented, unsupportedMedia } from './errors.js';
import { isPlainMerge, jsonPatch, mergePatch } from './patch.js';
import { tableOf } from './table.js';

export interface Reply {
  readonly status: number;
  readonly body: KubeObject;
}

/** Everything but watch: carries out a call on the store. */
export function carryOut(store: Store, call: Call): Reply {
  const { verb, kind } = call;
  const flags = { dryRun: call.query.has('dryRun'), ...(call.subresource === 'status' ? { part: 'status' as const } : {}) };
  const one = (object: KubeObject, status = 200) => ({ status, body: render(store, call, object) });
  if (verb === 'list') return { status: 200, body: list(store, call) };
  if (verb === 'get') return one(store.get(kind, keyOf(call)));
  if (verb === 'create') return one(store.create(kind, objectOf(call), flags), 201);
  if (verb === 'update') return one(store.update(kind, objectOf(call), flags));
  if (verb === 'patch') return one(store.update(kind, patched(store, call), flags));
  return remove(store, call);
}

/** An object as the client asked for it: itself in the version of the path, or a table with one row. */
export function render(store: Store, call: Call, object: KubeObject): KubeObject {
  const own = inVersion(object, call.apiVersion);
  return wantsTable(call) ? tableOf(call.kind, [own], {}, store.now(), call.query.get('includeObject')) : own;
}

const wantsTable = ({ headers }: Call) => headers.accept?.includes('as=Table') === true;

/** With `limit` and `continue`: a page's token names the revision and the last object of the page before. */
function list(store: Store, call: Call): KubeObject {
  const { kind, apiVersion, query } = call;
  const token = readToken(query.get('continue') ?? '');
  if (token !== undefined && token.revision < store.history.compacted) {
    throw new ApiError(410, 'Expired', 'The provided continue parameter is too old to display a consistent list result.');
  }
  const place = (object: KubeObject) => `${metaOf(object).namespace ?? ''}/${metaOf(object).name}`;
  const found = store.list(kind, filterOf(call)).filter((object) => place(object) > (token?.after ?? ''));
  const items = found.slice(0, Number(query.get('limit') ?? 0) || found.length).map((object) => inVersion(object, apiVersion));
  const revision = token?.revision ?? store.revision;
  const last = items.at(-1);
  const next = last === undefined || items.length === found.length ? undefined : JSON.stringify({ revision, after: place(last) });
  const metadata = {
    resourceVersion: String(revision),
    ...(next === undefined ? {} : { continue: Buffer.from(next).toString('base64url') }),
  };
  if (wantsTable(call)) return tableOf(kind, items, metadata, store.now(), query.get('includeObject'));
  // Lists of built-in kinds leave kind and apiVersion out of their items, those of custom resources do not.
  const bare = ({ apiVersion: _version, kind: _kind, ...rest }: KubeObject) => rest;
  return { kind: `${kind.kind}List`, apiVersion, metadata, items: kind.custom ? items : items.map(bare) };
}

function readToken(token: string): { readonly revision: number; readonly after: string } | undefined {
  try {
    return token === '' ? undefined : JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch {
    throw badRequest('continue key is not valid');
  }
}

/** The live object with a patch on it; the write then checks what that of a PUT would. */
function patched(store: Store, call: Call): KubeObject {
  const { kind, apiVersion } = call;
  const live = inVersion(store.get(kind, keyOf(call)), apiVersion);
  const type = mediaType(call);
  if (type === 'application/json-patch+json') return jsonPatch(live, parseBody(call));
  const strategic = type === 'application/strategic-merge-patch+json' && !kind.custom;
  if (!strategic && type !== 'application/merge-patch+json')
    throw unsupportedMedia('application/json-patch+json, application/merge-patch+json');
  const patch = parseBody(call);
  if (strategic && !isPlainMerge(patch)) throw notImplemented('a strategic merge patch with lists or directives');
  return mergePatch(live, patch) as KubeObject;
}

/** DELETE answers with the object for pods and services, with a Status for the rest. */
function remove(store: Store, call: Call): Reply {
  const { kind, apiVersion, query, text } = call;
  const options = text === '' ? {} : parseBody(call);
  const given = isRecord(options) ? options : {};
  const { uid, resourceVersion } = digRecord(given, 'preconditions') as { uid?: string; resourceVersion?: string };
  const option = (name: string) => query.get(name) ?? given[name];
  const dryRun = query.has('dryRun') || Array.isArray(given.dryRun);
  const flags = {
    uid,
    resourceVersion,
    dryRun,
    orphan: option('propagationPolicy') === 'Orphan',
    now: Number(option('gracePeriodSeconds') ?? 30) === 0,
  };
  const removed = store.delete(kind, keyOf(call), flags);
  if (kind.kind === 'Pod' || kind.kind === 'Service' || metaOf(removed).deletionTimestamp !== undefined) {
    return { status: 200, body: inVersion(removed, apiVersion) };
  }
  const details = defined({
    name: call.name,
    group: kind.group === '' ? undefined : kind.group,
    kind: kind.plural,
    uid: metaOf(removed).uid,
  });
  return { status: 200, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details } };
}
