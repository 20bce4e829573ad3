import { fields, flag, list, matching, oneOf, type Stored, text, whole, withFallback } from './schema.js';

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const NO_NAME = 'must be lower-case letters, digits, dots and dashes';
const subdomain = matching(new RegExp(`^${SUBDOMAIN}$`), NO_NAME, { min: 1, max: 253 });
const namespace = matching(new RegExp(`^${LABEL}$`), 'must be the name of a namespace', { min: 1, max: 63 });
const name = text({ min: 1, max: 253 });
const kind = matching(/^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/, 'must be the name of a kind', { min: 1, max: 63 });
const group = matching(new RegExp(`^$|^${SUBDOMAIN}$`), 'must be empty or the name of an API group', { max: 253 });
const port = whole({ min: 1, max: 65_535 });

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'];
const headerName = matching(/^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/, 'must be the name of a header', { min: 1, max: 256 });
/** That a value has no spaces around it is asked in the experimental channel only. */
const headerValue = text({ min: 1, max: 4096 });
const byName = { max: 16, unique: { by: 'name' } };
const matchType = withFallback(oneOf(['Exact', 'RegularExpression']), 'Exact');

const parentRef = fields(
  {
    group: withFallback(group, 'gateway.networking.k8s.io'),
    kind: withFallback(kind, 'Gateway'),
    name,
    namespace,
    port,
    sectionName: subdomain,
  },
  { required: ['name'] },
);

const PREFIX_OF_ALL = { path: { type: 'PathPrefix', value: '/' } };
const match = fields({
  headers: list(fields({ name: headerName, type: matchType, value: headerValue }, { required: ['name', 'value'] }), byName),
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

const backend = { group: withFallback(group, ''), kind: withFallback(kind, 'Service'), name, namespace, port };
const backendRef = fields(backend, { required: ['name'] });

const headerValues = list(fields({ name: headerName, value: headerValue }, { required: ['name', 'value'] }), byName);
const headerModifier = fields({ add: headerValues, remove: list(text(), { max: 16, unique: {} }), set: headerValues });
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
    extensionRef: fields({ group, kind, name }, { required: ['group', 'kind', 'name'] }),
    requestHeaderModifier: headerModifier,
    requestMirror: fields(
      {
        backendRef,
        fraction: fields({ denominator: withFallback(whole({ min: 1 }), 100), numerator: whole({ min: 0 }) }, { required: ['numerator'] }),
        percent: whole({ min: 0, max: 100 }),
      },
      { required: ['backendRef'], exclusive: [['percent', 'fraction']] },
    ),
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

const hostname = matching(new RegExp(`^(\\*\\.)?${SUBDOMAIN}$`), 'must be a host, whose first part may be *', { min: 1, max: 253 });

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
