import { type Owner, ownerKey } from '../model/owner.js';
import type { RouteTable } from '../model/table.js';

/** A mesh's table as it is when every session has ended: what a session's rules send to runs nowhere else. */
export function withoutSessions(table: RouteTable): RouteTable {
  const rules = table.rules.filter(({ owner }) => owner === 'foreign' || owner.kind !== 'session');
  return rules.length === table.rules.length ? table : { ...table, rules };
}

/** Whose rules some tables have, foreign ones aside; each owner once. */
export function ownersOf(tables: readonly RouteTable[]): readonly Owner[] {
  const owners = tables.flatMap(({ rules }) => rules.flatMap(({ owner }) => (owner === 'foreign' ? [] : [owner])));
  return [...new Map(owners.map((owner) => [ownerKey(owner), owner])).values()];
}

/** What becomes of heddle's own rules. */
export function ownerNotes(owners: readonly Owner[]): readonly string[] {
  const named = (kind: Owner['kind']) => owners.filter((owner) => owner.kind === kind).map(({ namespace, id }) => `${namespace}/${id}`);
  const [sessions, routes] = [named('session'), named('route')];
  return [
    ...(sessions.length === 0
      ? []
      : [`The rules of heddle's sessions (${sessions.join(', ')}) are left out: what they send requests to runs in this cluster alone.`]),
    ...(routes.length === 0
      ? []
      : [`Standing routes of heddle (${routes.join(', ')}) are carried over as plain rules: heddle does not manage them there.`]),
  ];
}
