import { inputError, type UserError } from '../../errors/user-error.js';
import type { Version } from '../../model/change.js';
import type { Match, NamedMatch, PathMatch, Str } from '../../model/match.js';
import { isRecord, type ObjectRef } from '../../model/object.js';
import type { View } from '../../model/view.js';
import type { Identity, SessionState } from '../types.js';
import { RECORD_VERSION, type RecordedObject, type RecordedRoute, type RecordedRule, type SessionRecord } from './record.js';

const STATES: readonly SessionState[] = ['planned', 'provisioning', 'ready', 'routing', 'active', 'draining', 'gone'];
const PATH_KINDS: readonly PathMatch['kind'][] = ['exact', 'segmentPrefix', 'rawPrefix', 'regex'];

/**
 * Reads a record. Unknown fields are ignored and what clean-up can do without gets a default; what it needs
 * (version, service, ports, adapter, match, holder) throws an input error with code `record-invalid`.
 */
export function decodeRecord(text: string, at: { readonly namespace: string; readonly id: string }): SessionRecord {
  const raw = parse(text);
  if (raw.version !== RECORD_VERSION) {
    throw bad('record.version', `${RECORD_VERSION}`, raw.version, ['Use the version of heddle that started the session']);
  }
  const holder = identity(raw.holder, 'record.holder');
  const condition = isRecord(raw.condition) ? raw.condition : undefined;
  const name = condition?.name;
  return {
    version: RECORD_VERSION,
    kind: raw.kind === 'route' ? 'route' : 'session',
    // The Lease's own name and namespace count: a copied annotation must not lead clean-up elsewhere.
    id: at.id,
    namespace: at.namespace,
    service: string(raw.service, 'record.service'),
    ports: list(raw.ports, 'record.ports').map((port, index) => number(port, `record.ports[${index}]`)),
    adapter: string(raw.adapter, 'record.adapter'),
    ...(typeof raw.tunnel === 'string' ? { tunnel: raw.tunnel } : {}),
    views: Array.isArray(raw.views) ? raw.views.filter(isView) : 'all',
    match: decodeMatch(raw.match, 'record.match'),
    state: STATES.find((state) => state === raw.state) ?? 'draining',
    startedBy: raw.startedBy === undefined ? holder : identity(raw.startedBy, 'record.startedBy'),
    holder,
    createdAt: typeof raw.createdAt === 'string' ? raw.createdAt : '',
    objects: Array.isArray(raw.objects) ? raw.objects.flatMap(recordedObject) : [],
    rules: Array.isArray(raw.rules) ? raw.rules.flatMap(recordedRule) : [],
    ...(name === 'suspended' || name === 'drifted' ? { condition: { name, why: String(condition?.why ?? '') } } : {}),
    ...(raw.route === undefined ? {} : { route: recordedRoute(raw.route) }),
  };
}

export function decodeMatch(value: unknown, path: string): Match {
  if (!isRecord(value)) throw bad(path, 'an object', value);
  return {
    ...(value.path === undefined ? {} : { path: pathMatch(value.path, `${path}.path`) }),
    ...(value.method === undefined ? {} : { method: str(value.method, `${path}.method`) }),
    ...(value.scheme === undefined ? {} : { scheme: str(value.scheme, `${path}.scheme`) }),
    ...(value.authority === undefined ? {} : { authority: str(value.authority, `${path}.authority`) }),
    ...(value.headers === undefined ? {} : { headers: named(value.headers, `${path}.headers`) }),
    ...(value.query === undefined ? {} : { query: named(value.query, `${path}.query`) }),
    ...(typeof value.name === 'string' ? { name: value.name } : {}),
  };
}

function pathMatch(value: unknown, path: string): PathMatch {
  if (!isRecord(value)) throw bad(path, 'an object', value);
  const kind = PATH_KINDS.find((one) => one === value.kind);
  if (kind === undefined) throw bad(`${path}.kind`, PATH_KINDS.join(' | '), value.kind);
  return {
    kind,
    value: string(value.value, `${path}.value`),
    ...(typeof value.ignoreCase === 'boolean' ? { ignoreCase: value.ignoreCase } : {}),
  };
}

function str(value: unknown, path: string): Str {
  if (!isRecord(value)) throw bad(path, 'an object', value);
  if (typeof value.exact === 'string') return { exact: value.exact };
  if (typeof value.prefix === 'string') return { prefix: value.prefix };
  if (typeof value.regex === 'string') return { regex: value.regex };
  if (value.present === true) return { present: true };
  if (value.absent === true) return { absent: true };
  if (value.not !== undefined) return { not: str(value.not, `${path}.not`) };
  throw bad(path, 'exact, prefix, regex, present, absent or not', value);
}

function named(value: unknown, path: string): readonly NamedMatch[] {
  return list(value, path).map((item, index) => {
    if (!isRecord(item)) throw bad(`${path}[${index}]`, 'an object', item);
    return { name: string(item.name, `${path}[${index}].name`), is: str(item.is, `${path}[${index}].is`) };
  });
}

function identity(value: unknown, path: string): Identity {
  if (!isRecord(value)) throw bad(path, 'an object', value);
  return {
    user: string(value.user, `${path}.user`),
    host: string(value.host, `${path}.host`),
    pid: number(value.pid, `${path}.pid`),
    startTime: typeof value.startTime === 'string' ? value.startTime : '',
    bootId: typeof value.bootId === 'string' ? value.bootId : '',
  };
}

function objectRef(value: unknown): ObjectRef | undefined {
  if (!isRecord(value)) return undefined;
  const { apiVersion, kind, namespace, name } = value;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || typeof name !== 'string') return undefined;
  return { apiVersion, kind, ...(typeof namespace === 'string' ? { namespace } : {}), name };
}

function recordedObject(value: unknown): readonly RecordedObject[] {
  const ref = isRecord(value) ? objectRef(value.ref) : undefined;
  return isRecord(value) && ref !== undefined && typeof value.uid === 'string' ? [{ ref, uid: value.uid }] : [];
}

function recordedRule(value: unknown): readonly RecordedRule[] {
  const ref = isRecord(value) ? objectRef(value.ref) : undefined;
  return isRecord(value) && ref !== undefined && typeof value.hash === 'string' ? [{ ref, hash: value.hash }] : [];
}

function recordedRoute(value: unknown): RecordedRoute {
  if (!isRecord(value)) throw bad('record.route', 'an object', value);
  return {
    name: string(value.name, 'record.route.name'),
    versions: list(value.versions, 'record.route.versions').map((version, index) => versionIn(version, `record.route.versions[${index}]`)),
    to: list(value.to, 'record.route.to').map((share, index) => {
      if (!isRecord(share)) throw bad(`record.route.to[${index}]`, 'an object', share);
      const at = `record.route.to[${index}]`;
      return { version: string(share.version, `${at}.version`), weight: number(share.weight, `${at}.weight`) };
    }),
    ...(typeof value.copied === 'string' ? { copied: value.copied } : {}),
    established: value.established === true,
  };
}

function versionIn(value: unknown, path: string): Version {
  if (!isRecord(value)) throw bad(path, 'an object', value);
  const id = string(value.id, `${path}.id`);
  if (value.realise === 'subset' || value.realise === 'tag') {
    const labels = Object.entries(isRecord(value.labels) ? value.labels : {}).map(([key, label]) => [key, String(label)]);
    return {
      id,
      realise: value.realise,
      labels: Object.fromEntries(labels),
      ...(typeof value.ref === 'string' ? { ref: value.ref } : {}),
    };
  }
  const service = isRecord(value.service) ? value.service : {};
  const namespace = string(service.namespace, `${path}.service.namespace`);
  return { id, realise: 'service', service: { namespace, name: string(service.name, `${path}.service.name`) } };
}

function isView(value: unknown): value is View {
  if (!isRecord(value)) return false;
  if (value.plane === 'mesh') return isRecord(value.clients);
  return (
    value.plane === 'gateway' && isRecord(value.gateway) && typeof value.gateway.namespace === 'string' && isRecord(value.gateway.selector)
  );
}

function parse(text: string): Record<string, unknown> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    throw bad('record', 'JSON', text);
  }
  if (!isRecord(raw)) throw bad('record', 'an object', raw);
  return raw;
}

function string(value: unknown, path: string): string {
  if (typeof value !== 'string' || value === '') throw bad(path, 'a text', value);
  return value;
}

function number(value: unknown, path: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) throw bad(path, 'a whole number', value);
  return value;
}

function list(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw bad(path, 'a list', value);
  return value;
}

function bad(path: string, expected: string, value: unknown, next?: readonly string[]): UserError {
  const text = value === undefined ? 'nothing' : (JSON.stringify(value) ?? String(value));
  return inputError('record-invalid', { path, expected, received: text.length > 80 ? `${text.slice(0, 77)}...` : text }, next);
}
