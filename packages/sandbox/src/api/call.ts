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

/** `/apis/GROUP/VERSION[/namespaces/NS]/PLURAL[/NAME[/SUBRESOURCE]]`; `undefined` when nothing is served there. */
export function parseCall(kinds: Kinds, method: string, url: URL, headers: IncomingHttpHeaders, text: string): Call | undefined {
  const [, prefix, ...parts] = url.pathname.split('/').map(decodeURIComponent);
  if (prefix !== 'api' && prefix !== 'apis') return undefined;
  const group = prefix === 'api' ? '' : (parts.shift() ?? '');
  const version = parts.shift() ?? '';
  const scoped = parts[0] === 'namespaces' && parts.length > 2 && parts[2] !== 'status';
  const namespace = scoped ? parts[1] : undefined;
  const [plural = '', name, subresource, more] = scoped ? parts.slice(2) : parts;
  const kind = kinds.byPlural(group, version, plural);
  if (kind === undefined || more !== undefined || (scoped && !kind.namespaced) || (!scoped && kind.namespaced && name !== undefined))
    return undefined;
  const watching = ['true', '1'].includes(url.searchParams.get('watch') ?? '');
  const collection = { GET: watching ? 'watch' : 'list', POST: 'create' };
  const object = {
    GET: 'get',
    PUT: 'update',
    PATCH: 'patch',
    ...(subresource === 'status' ? {} : { DELETE: 'delete', POST: subresource && 'create' }),
  };
  const verbs: Readonly<Record<string, string | undefined>> = name === undefined ? collection : object;
  const verb = verbs[method];
  if (verb === undefined) throw notImplemented(`${method} of ${url.pathname}`);
  const apiVersion = group === '' ? version : `${group}/${version}`;
  return { verb, kind, apiVersion, ...defined({ namespace, name, subresource }), query: url.searchParams, headers, text };
}

export const filterOf = ({ namespace, query }: Call): Filter => ({
  namespace,
  labelSelector: query.get('labelSelector') ?? undefined,
  fieldSelector: query.get('fieldSelector') ?? undefined,
});

export const keyOf = ({ namespace, name = '' }: Call): ObjectKey => ({ namespace, name });

export const mediaType = ({ headers }: Call): string => (headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';

/** The body as JSON. */
export function parseBody({ text, kind }: Call): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${kind.kind}): couldn't get version/kind; json parse error: ${error}`,
    );
  }
}

/** The object of a POST or PUT, checked against the path. */
export function objectOf(call: Call): KubeObject {
  if (!['application/json', ''].includes(mediaType(call))) throw unsupportedMedia('application/json');
  const body = parseBody(call);
  if (!isRecord(body)) throw badRequest('the body of the request is not an object');
  const { kind, apiVersion, namespace } = call;
  const { name, namespace: own } = metaOf(body);
  if ((body.kind ?? kind.kind) !== kind.kind) {
    throw invalid(kind, { namespace, name }, 'kind', `Invalid value: "${body.kind}": must be ${kind.kind}`, String(body.kind));
  }
  if ((body.apiVersion ?? apiVersion) !== apiVersion) {
    throw badRequest(`the API version in the data (${body.apiVersion}) does not match the expected API version (${apiVersion})`);
  }
  if (namespace !== undefined && (own ?? namespace) !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if ((call.name ?? name) !== name) throw badRequest(`the name of the object (${name}) does not match the name on the URL (${call.name})`);
  return { ...body, apiVersion, kind: kind.kind, metadata: { ...digRecord(body, 'metadata'), ...defined({ namespace }) } };
}
