import { describeEntry, describeMatch, type Match, type SessionSummary } from '@heddle/core';

/** A session as JSON shows it; schemas/session-list.json. */
export interface SessionDocument {
  readonly id: string;
  readonly kind: 'session' | 'route';
  readonly namespace: string;
  readonly service: string;
  readonly ports: readonly number[];
  readonly match: Match;
  readonly requests: string;
  readonly state: string;
  readonly adapter: string;
  readonly holder: { readonly user: string; readonly host: string; readonly pid: number };
  readonly renewedAt?: string;
  readonly expired: boolean;
  readonly abandoned: boolean;
  readonly condition?: { readonly name: string; readonly why: string };
  /** Why the record cannot be relied on. */
  readonly problem?: string;
}

export function sessionDocument(summary: SessionSummary): SessionDocument {
  const { id, kind, namespace, service, ports, match, state, adapter, holder, renewedAt, expired, abandoned, condition, problem, entries } =
    summary;
  return {
    id,
    kind,
    namespace,
    service,
    ports,
    match,
    requests: entries === undefined ? describeMatch(match) : entries.map(describeEntry).join('; '),
    state,
    adapter,
    holder,
    ...(renewedAt === undefined ? {} : { renewedAt }),
    expired,
    abandoned,
    ...(condition === undefined ? {} : { condition }),
    ...(problem === undefined ? {} : { problem }),
  };
}
