import {
  backend,
  byName,
  extensionRef,
  headerMatches,
  headerModifier,
  headerName,
  hostname,
  matchType,
  parentRef,
  port,
  requestMirror,
  subdomain,
} from './route-fields.js';
import { fields, flag, list, matching, oneOf, type Stored, text, whole, withFallback } from './schema.js';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'];

const PREFIX_OF_ALL = { path: { type: 'PathPrefix', value: '/' } };
const match = fields({
  headers: headerMatches,
  method: oneOf(METHODS),
  path: withFallback(
    fields({
      type: withFallback(oneOf(['Exact', 'PathPrefix', 'RegularExpression']), 'PathPrefix'),
      value: withFallback(text({ max: 1024 }), '/'),
    }),
    PREFIX_OF_ALL.path,
  ),
  queryParams: list(
    fields({ name: headerName, type: matchType, value: text({ min: 1, max: 1024 }) }, { required: ['name', 'value'] }),
    byName,
  ),
});

const replacedPath = fields(
  {
    replaceFullPath: text({ max: 1024 }),
    replacePrefixMatch: text({ max: 1024 }),
    type: oneOf(['ReplaceFullPath', 'ReplacePrefixMatch']),
  },
  { required: ['type'] },
);
const statusCode = whole({
  check: (code) => ([301, 302, 303, 307, 308].includes(code) ? undefined : 'must be 301, 302, 303, 307 or 308'),
});
const ORIGIN = /^\*$|^https?:\/\/((\*\.)?([a-zA-Z0-9-]+\.)*[a-zA-Z0-9-]+|\*)(:[0-9]{1,5})?$/;

const filter = fields(
  {
    cors: fields({
      allowCredentials: flag,
      allowHeaders: list(headerName, { max: 64, unique: {} }),
      allowMethods: list(oneOf([...METHODS, '*']), { max: 9, unique: {} }),
      allowOrigins: list(matching(ORIGIN, 'must be *, or http or https with a host', { min: 1, max: 253 }), { max: 64, unique: {} }),
      exposeHeaders: list(headerName, { max: 64, unique: {} }),
      maxAge: whole({ min: 1 }),
    }),
    /** In the experimental channel only; what is in it is not looked at. */
    externalAuth: fields({}),
    extensionRef,
    requestHeaderModifier: headerModifier,
    requestMirror,
    requestRedirect: fields({ hostname: subdomain, path: replacedPath, port, scheme: oneOf(['http', 'https']), statusCode }),
    responseHeaderModifier: headerModifier,
    type: oneOf([
      ...['RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestMirror', 'RequestRedirect', 'URLRewrite'],
      ...['ExtensionRef', 'CORS', 'ExternalAuth'],
    ]),
    urlRewrite: fields({ hostname: subdomain, path: replacedPath }),
  },
  { required: ['type'] },
);
const filters = list(filter, { max: 16 });

const timeout = matching(/^([0-9]{1,5}(h|m|s|ms)){1,4}$/, 'must be a duration such as 10s or 1m30s');
const rule = fields({
  backendRefs: list(fields({ ...backend, filters, weight: whole({ min: 0, max: 1_000_000 }) }, { required: ['name'] }), { max: 16 }),
  filters,
  matches: withFallback(list(match, { max: 64 }), [PREFIX_OF_ALL]),
  name: subdomain,
  timeouts: fields({ backendRequest: timeout, request: timeout }),
});

/**
 * What both channels of the Gateway API ask: an object that one of them takes is not refused (kubernetes-sigs/gateway-api
 * `config/crd/{standard,experimental}/gateway.networking.k8s.io_httproutes.yaml`, 1.6).
 */
export const httpRoute = fields({
  hostnames: list(hostname, { max: 16 }),
  parentRefs: list(parentRef, { max: 32 }),
  rules: withFallback(list(rule, { min: 1, max: 16 }), [{}]),
});

export type HttpRoute = Stored<typeof httpRoute>;
