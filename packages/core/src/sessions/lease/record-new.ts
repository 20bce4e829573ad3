import type { Prepared } from '../prepare.js';
import type { SessionDeps } from '../types.js';
import { RECORD_VERSION, type SessionRecord } from './record.js';

/** The record of a session that is about to start. */
export function newRecord(deps: SessionDeps, { session, change, ports }: Prepared, serverTime: number): SessionRecord {
  const { namespace, id } = change.owner;
  return {
    version: RECORD_VERSION,
    kind: 'session',
    id,
    namespace,
    service: ports[0]?.service.name ?? '',
    ports: ports.map((port) => port.service.port),
    adapter: deps.adapter.id,
    tunnel: deps.tunnel.id,
    views: change.views,
    match: session.match,
    state: 'planned',
    startedBy: deps.identity,
    holder: deps.identity,
    createdAt: new Date(serverTime).toISOString(),
    objects: [],
    rules: [],
  };
}
