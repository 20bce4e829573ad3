import type { Change, ServiceRef, Version } from '../../model/change.js';
import type { Match } from '../../model/match.js';
import type { ObjectRef } from '../../model/object.js';
import type { Owner } from '../../model/owner.js';
import type { View } from '../../model/view.js';
import { intentsOf, type RouteEntry } from '../../routes/entry.js';
import type { Identity, SessionState } from '../types.js';

/** The newest version that this code writes and the newest that it reads. */
export const RECORD_VERSION = 1;

export interface RecordedObject {
  readonly ref: ObjectRef;
  readonly uid: string;
}

/** A rule of ours as it was read back after its write. */
export interface RecordedRule {
  readonly ref: ObjectRef;
  readonly hash: string;
}

/** What the record of a service's standing routes says beside. */
export interface RecordedRoute {
  readonly entries: readonly RouteEntry[];
  /** What the names of versions were taken for. */
  readonly versions: readonly Version[];
  /** Hash of the foreign rules that they were copied from, once they have been written. */
  readonly copied?: string;
  /** No port was named when they were made: ports that come later are theirs too. Absent: one was, or nobody knows. */
  readonly allPorts?: boolean;
  /** They have been written whole before: an unfinished change of them is finished by whoever cleans up, not taken back. */
  readonly established: boolean;
}

/** What the Lease's annotation `heddle.dev/record` holds, as JSON: enough for anybody to clean up after its owner. */
export interface SessionRecord {
  readonly version: typeof RECORD_VERSION;
  readonly kind: 'session' | 'route';
  readonly id: string;
  readonly namespace: string;
  readonly service: string;
  /** The service's port numbers that are taken over. */
  readonly ports: readonly number[];
  /** Ids of the adapter and the tunnel provider. */
  readonly adapter: string;
  readonly tunnel?: string;
  readonly views: 'all' | readonly View[];
  readonly match: Match;
  readonly state: SessionState;
  /** Whose session it is; stays when somebody else cleans up. */
  readonly startedBy: Identity;
  /** Who may write for it now. */
  readonly holder: Identity;
  /** RFC 3339, by the API server's clock. */
  readonly createdAt: string;
  readonly objects: readonly RecordedObject[];
  /** Empty as long as none has been read back: then the marker alone tells that a rule is ours. */
  readonly rules: readonly RecordedRule[];
  readonly condition?: { readonly name: 'suspended' | 'drifted'; readonly why: string };
  readonly route?: RecordedRoute;
}

export function encodeRecord(record: SessionRecord): string {
  return JSON.stringify(record);
}

export function ownerOf(record: Pick<SessionRecord, 'kind' | 'namespace' | 'id'>): Owner {
  return { kind: record.kind, namespace: record.namespace, id: record.id };
}

export function servicesOf(record: Pick<SessionRecord, 'namespace' | 'service' | 'ports'>): readonly ServiceRef[] {
  return record.ports.map((port) => ({ namespace: record.namespace, name: record.service, port }));
}

/** The entries that stand: none of a route that was never whole, or that is being taken back. */
export function standingEntries(record: SessionRecord | undefined): readonly RouteEntry[] {
  return record?.route?.established === true && record.state !== 'draining' ? record.route.entries : [];
}

/** The change that makes standing routes what their record says. */
export function changeOfRoute(record: SessionRecord, { entries, versions }: RecordedRoute): Change {
  return { owner: ownerOf(record), services: servicesOf(record), views: record.views, versions, intents: intentsOf(entries) };
}

export function describeIdentity(identity: Pick<Identity, 'user' | 'host' | 'pid'>): string {
  return `${identity.user}@${identity.host} (pid ${identity.pid})`;
}
