import { isRecord, type ObjectRef } from '../../model/object.js';
import type { View } from '../../model/view.js';
import type { Identity, SessionState } from '../types.js';
import { RECORD_VERSION, type RecordedObject, type RecordedRule, type SessionRecord } from './record.js';
import { bad, list, number, string } from './record-fields.js';
import { decodeMatch } from './record-match.js';
import { decodeRoute } from './record-route.js';

const STATES: readonly SessionState[] = ['planned', 'provisioning', 'ready', 'routing', 'active', 'draining', 'gone'];

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
    ...(raw.route === undefined ? {} : { route: decodeRoute(raw.route, 'record.route') }),
  };
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
