import { fields, list, matching, oneOf, text, whole, withFallback } from './schema.js';

// What routes of the Gateway API have in common (kubernetes-sigs/gateway-api `apis/v1`, 1.6).

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const NO_NAME = 'must be lower-case letters, digits, dots and dashes';
export const subdomain = matching(new RegExp(`^${SUBDOMAIN}$`), NO_NAME, { min: 1, max: 253 });
const namespace = matching(new RegExp(`^${LABEL}$`), 'must be the name of a namespace', { min: 1, max: 63 });
const name = text({ min: 1, max: 253 });
const kind = matching(/^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/, 'must be the name of a kind', { min: 1, max: 63 });
const group = matching(new RegExp(`^$|^${SUBDOMAIN}$`), 'must be empty or the name of an API group', { max: 253 });
export const port = whole({ min: 1, max: 65_535 });

export const headerName = matching(/^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/, 'must be the name of a header', { min: 1, max: 256 });
/** That a value has no spaces around it is asked in the experimental channel only. */
const headerValue = text({ min: 1, max: 4096 });
export const byName = { max: 16, unique: { by: 'name' } };
export const matchType = withFallback(oneOf(['Exact', 'RegularExpression']), 'Exact');

export const parentRef = fields(
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

export const backend = { group: withFallback(group, ''), kind: withFallback(kind, 'Service'), name, namespace, port };
const backendRef = fields(backend, { required: ['name'] });

const headerValues = list(fields({ name: headerName, value: headerValue }, { required: ['name', 'value'] }), byName);
export const headerModifier = fields({ add: headerValues, remove: list(text(), { max: 16, unique: {} }), set: headerValues });
export const hostname = matching(new RegExp(`^(\\*\\.)?${SUBDOMAIN}$`), 'must be a host, whose first part may be *', { min: 1, max: 253 });

export const headerMatches = list(
  fields({ name: headerName, type: matchType, value: headerValue }, { required: ['name', 'value'] }),
  byName,
);

export const extensionRef = fields({ group, kind, name }, { required: ['group', 'kind', 'name'] });

export const requestMirror = fields(
  {
    backendRef,
    fraction: fields({ denominator: withFallback(whole({ min: 1 }), 100), numerator: whole({ min: 0 }) }, { required: ['numerator'] }),
    percent: whole({ min: 0, max: 100 }),
  },
  { required: ['backendRef'], exclusive: [['percent', 'fraction']] },
);
