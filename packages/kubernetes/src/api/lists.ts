import { BugError, isRecord, type KubeObject, type ObjectQuery } from '@heddle/core';
import { jsonOf, type Transport } from '../transport/transport.js';
import type { Act } from './act.js';
import type { Discovery } from './discovery.js';
import { resourcePath } from './paths.js';

/** A query as the server understands it. */
export interface Collection {
  readonly apiVersion: string;
  readonly kind: string;
  readonly path: string;
  readonly selectors: { readonly labelSelector?: string; readonly fieldSelector?: string };
  readonly act: (verb: 'list' | 'watch') => Act;
}

export interface Listing {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
}

const PAGE = 500;

export async function collectionOf(discovery: Discovery, query: ObjectQuery, apiVersion?: string): Promise<Collection> {
  const found = await discovery.find(query.group, query.kind, apiVersion);
  const { plural, namespaced } = found.served;
  const namespace = namespaced ? query.namespace : undefined;
  return {
    apiVersion: found.apiVersion,
    kind: query.kind,
    path: resourcePath({ apiVersion: found.apiVersion, plural, namespace }),
    selectors: {
      ...(query.labelSelector === undefined || query.labelSelector === '' ? {} : { labelSelector: query.labelSelector }),
      ...(query.name === undefined ? {} : { fieldSelector: `metadata.name=${query.name}` }),
    },
    act: (verb) => ({ right: { verb, group: query.group, resource: plural, ...(namespace === undefined ? {} : { namespace }) } }),
  };
}

/** All objects of a collection, page by page; when the server forgets the snapshot in between (410), once more in one piece. */
export async function listAll(transport: Transport, collection: Collection, signal?: AbortSignal): Promise<Listing> {
  const items: KubeObject[] = [];
  let next: string | undefined;
  for (;;) {
    const page = await listPage(transport, collection, { limit: String(PAGE), continue: next }, signal);
    if (page === 'expired') return wholeList(transport, collection, signal);
    items.push(...page.items);
    if (page.next === undefined) return { items, resourceVersion: page.resourceVersion };
    next = page.next;
  }
}

async function wholeList(transport: Transport, collection: Collection, signal?: AbortSignal): Promise<Listing> {
  const page = await listPage(transport, collection, {}, signal);
  if (page === 'expired') throw new BugError('a list without a continue token cannot expire');
  return page;
}

async function listPage(
  transport: Transport,
  collection: Collection,
  paging: { readonly limit?: string; readonly continue?: string | undefined },
  signal?: AbortSignal,
): Promise<(Listing & { readonly next?: string }) | 'expired'> {
  const act = collection.act('list');
  const expect = paging.continue === undefined ? [] : [410];
  const query = { ...collection.selectors, ...paging };
  const response = await transport.send({ act, method: 'GET', path: collection.path, query, expect, signal });
  if (response.status === 410) return 'expired';
  const document = jsonOf(response, act, transport.place);
  if (!isRecord(document) || !(Array.isArray(document.items) || document.items === null)) throw new BugError('a list without items');
  const meta = isRecord(document.metadata) ? document.metadata : {};
  const items: readonly unknown[] = document.items ?? [];
  return {
    items: items.filter(isRecord).map((item) => withKind(item, collection)),
    resourceVersion: typeof meta.resourceVersion === 'string' ? meta.resourceVersion : '',
    ...(typeof meta.continue === 'string' && meta.continue !== '' ? { next: meta.continue } : {}),
  };
}

/** Items of a built-in kind's list do not repeat apiVersion and kind; everything that we hand on has them. */
export function withKind(item: KubeObject, { apiVersion, kind }: Pick<Collection, 'apiVersion' | 'kind'>): KubeObject {
  return typeof item.kind === 'string' && typeof item.apiVersion === 'string' ? item : { apiVersion, kind, ...item };
}
