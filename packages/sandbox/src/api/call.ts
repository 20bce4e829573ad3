import type { IncomingHttpHeaders } from 'node:http';
import { isRecord, type KubeObject, metaOf } from '@heddle/core';
import { defined, digRecord } from '../dig.js';
import { badRequest, type Filter, invalid, type KindSpec, type Kinds, type ObjectKey } from '../store/index.js';
import { notImplemented, unsupportedMedia } from './errors.js';

/** A request for objects, read as the API server reads it. */
export interface Call {
  readonly verb: string;
  readonly kind: KindSpec;
  /** The version asked for, as apiVersion. */
  readonly apiVersion: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const PATH =
  /^\/(?:api|apis\/(?<group>[^/]+))\/(?<version>[^/]+)(?:\/namespaces\/(?<namespace>[^/]+)(?!\/status$))?\/(?<plural>[^/]+)(?:\/(?<name>[^/]+))?(?:\/(?<subresource>[^/]+))?$/;
const COLLECTION: Readonly<Record<string, string>> = { GET: 'list', POST: 'create' };
const OBJECT: Readonly<Record<string, string>> = { GET: 'get', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

/** Reads method and path; `undefined` when nothing is served there. Throws 501 for a method that is not known there. */
export function parseCall(kinds: Kinds, method: string, url: URL): Omit<Call, 'headers' | 'text'> | undefined {
  const { pathname: path, searchParams: query } = url;
  const { group = '', version = '', namespace, plural, name, subresource } = PATH.exec(decodeURIComponent(path))?.groups ?? {};
  const kind = kinds.all.find((spec) => spec.group === group && spec.plural === plural && spec.versions.includes(version));
  if (kind === undefined || (kind.namespaced ? namespace === undefined && name !== undefined : namespace !== undefined)) return undefined;
  const verb = name === undefined ? COLLECTION[method] : (OBJECT[method] ?? (subresource === 'status' ? undefined : subresource));
  if (verb === undefined || (verb === 'delete' && subresource !== undefined)) throw notImplemented(`${method} of ${path}`);
  const watching = verb === 'list' && /^(true|1)$/.test(query.get('watch') ?? '');
  const apiVersion = group === '' ? version : `${group}/${version}`;
  return { verb: watching ? 'watch' : verb, kind, apiVersion, ...defined({ namespace, name, subresource }), query };
}

export function filterOf({ namespace, query }: Call): Filter {
  const selector = (name: string) => query.get(name) ?? undefined;
  return { namespace, labelSelector: selector('labelSelector'), fieldSelector: selector('fieldSelector') };
}

export const keyOf = ({ namespace, name = '' }: Call): ObjectKey => ({ namespace, name });

export const mediaType = ({ headers }: Call): string => (headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';

/** The body as JSON. */
export function parseBody(text: string, kind = 'object'): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const what = `the object provided is unrecognized (must be of type ${kind})`;
    throw badRequest(`${what}: couldn't get version/kind; json parse error: ${error}`);
  }
}

/** The object of a POST or PUT, checked against the path. */
export function objectOf(call: Call): KubeObject {
  if (!['application/json', ''].includes(mediaType(call))) throw unsupportedMedia('application/json');
  const body = parseBody(call.text, call.kind.kind);
  if (!isRecord(body)) throw badRequest('the body of the request is not an object');
  const { kind, apiVersion, namespace } = call;
  const { name, namespace: own = namespace } = metaOf(body);
  const { kind: ownKind = kind.kind, apiVersion: ownVersion = apiVersion } = body;
  if (ownKind !== kind.kind) throw invalid(kind, { name }, 'kind', `Invalid value: "${ownKind}": must be ${kind.kind}`, String(ownKind));
  const refuse = (what: string) => badRequest(`the ${what}`);
  if (ownVersion !== apiVersion)
    throw refuse(`API version in the data (${ownVersion}) does not match the expected API version (${apiVersion})`);
  if (own !== namespace) throw refuse('namespace of the provided object does not match the namespace sent on the request');
  if ((call.name ?? name) !== name) throw refuse(`name of the object (${name}) does not match the name on the URL (${call.name})`);
  return { ...body, apiVersion, kind: kind.kind, metadata: { ...digRecord(body, 'metadata'), ...defined({ namespace }) } };
}
