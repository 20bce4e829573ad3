import { isUserError } from '../../errors/user-error.js';
import { isRecord, type KubeObject, metaOf } from '../../model/object.js';
import { leaseName, leaseRef, ownLabels, RECORD_ANNOTATION, routeLabels, STOP_ANNOTATION } from '../names.js';
import type { Identity } from '../types.js';
import { encodeRecord, type SessionRecord } from './record.js';
import { decodeRecord } from './record-decode.js';

/** A Lease of ours as read. `record` is absent when it cannot be read; `problem` then says why. */
export interface LeaseView {
  readonly object: KubeObject;
  readonly namespace: string;
  readonly id: string;
  readonly uid: string;
  readonly resourceVersion: string;
  /** `holderIdentity`, compared for equality only. */
  readonly holder: string;
  /** Ms since the epoch, by the API server's clock; absent for what never expires. */
  readonly renewedAt?: number;
  /** Since when it has its holder; of a standing route: when its record was written last. */
  readonly acquiredAt?: number;
  readonly durationMs: number;
  readonly transitions: number;
  readonly stopAsked?: string;
  readonly record?: SessionRecord;
  readonly problem?: string;
}

/** The text in `holderIdentity`: it names one process, so that nobody else takes a Lease for their own. */
export function holderText(identity: Identity): string {
  return `${identity.user}@${identity.host}/${identity.pid}/${identity.startTime}/${identity.bootId}`;
}

/** `metav1.MicroTime`: RFC 3339 with exactly six digits of fraction (k8s.io/apimachinery, pkg/apis/meta/v1/micro_time.go). */
function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}

export function newLease(record: SessionRecord, serverTime: number, durationMs: number): KubeObject {
  const { apiVersion, kind, namespace, name } = leaseRef(record.namespace, record.id);
  const labels = record.kind === 'session' ? ownLabels(record.id) : routeLabels(record.id);
  return {
    apiVersion,
    kind,
    metadata: { name, namespace, labels, annotations: { [RECORD_ANNOTATION]: encodeRecord(record) } },
    spec: {
      holderIdentity: holderText(record.holder),
      leaseDurationSeconds: Math.round(durationMs / 1000),
      acquireTime: microTime(serverTime),
      ...renewal(record, serverTime),
      leaseTransitions: 0,
    },
  };
}

/**
 * A standing route outlives its process, so nobody renews it and it never expires. A change of it that is under way is held by
 * acquireTime instead.
 */
function renewal({ kind }: SessionRecord, serverTime: number): { readonly renewTime: string } | { readonly acquireTime: string } {
  return kind === 'session' ? { renewTime: microTime(serverTime) } : { acquireTime: microTime(serverTime) };
}

/** The Lease with another record and renewTime; all else as it was read, so that a foreign annotation survives. */
export function withRecord(
  lease: LeaseView,
  record: SessionRecord,
  serverTime: number,
  change: { readonly takeOver: boolean },
): KubeObject {
  const meta = isRecord(lease.object.metadata) ? lease.object.metadata : {};
  const spec = isRecord(lease.object.spec) ? lease.object.spec : {};
  const annotations = isRecord(meta.annotations) ? meta.annotations : {};
  return {
    ...lease.object,
    metadata: { ...meta, annotations: { ...annotations, [RECORD_ANNOTATION]: encodeRecord(record) } },
    spec: {
      ...spec,
      ...renewal(record, serverTime),
      ...(change.takeOver
        ? { holderIdentity: holderText(record.holder), acquireTime: microTime(serverTime), leaseTransitions: lease.transitions + 1 }
        : {}),
    },
  };
}

/** Reads a Lease of ours; `undefined` when its name is not one that we give. */
export function readLease(object: KubeObject): LeaseView | undefined {
  const meta = metaOf(object);
  const id = meta.name.slice(leaseName('').length);
  if (meta.name !== leaseName(id) || id === '' || meta.namespace === undefined) return undefined;
  const spec = isRecord(object.spec) ? object.spec : {};
  const stop = meta.annotations[STOP_ANNOTATION];
  return {
    object,
    namespace: meta.namespace,
    id,
    uid: meta.uid ?? '',
    resourceVersion: meta.resourceVersion ?? '',
    holder: typeof spec.holderIdentity === 'string' ? spec.holderIdentity : '',
    ...timeIn('renewedAt', spec.renewTime),
    ...timeIn('acquiredAt', spec.acquireTime),
    durationMs: typeof spec.leaseDurationSeconds === 'number' ? spec.leaseDurationSeconds * 1000 : 0,
    transitions: typeof spec.leaseTransitions === 'number' ? spec.leaseTransitions : 0,
    ...(stop === undefined ? {} : { stopAsked: stop }),
    ...recordIn(meta.annotations[RECORD_ANNOTATION], meta.namespace, id),
  };
}

function timeIn<K extends 'renewedAt' | 'acquiredAt'>(key: K, value: unknown): { readonly [P in K]?: number } {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? {} : ({ [key]: time } as { readonly [P in K]?: number });
}

function recordIn(text: string | undefined, namespace: string, id: string): { record: SessionRecord } | { problem: string } {
  if (text === undefined) return { problem: `it has no annotation ${RECORD_ANNOTATION}` };
  try {
    return { record: decodeRecord(text, { namespace, id }) };
  } catch (error) {
    if (isUserError(error)) return { problem: error.message };
    throw error;
  }
}
