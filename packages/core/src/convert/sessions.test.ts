import { expect, test } from 'vitest';
import type { Owner } from '../model/owner.js';
import type { RouteTable, Rule } from '../model/table.js';
import { ownerNotes, ownersOf, withoutSessions } from './sessions.js';

const session: Owner = { kind: 'session', namespace: 'shop', id: 's1' };
const route: Owner = { kind: 'route', namespace: 'shop', id: 'reviews-80' };
const rule = (owner: Rule['owner']): Rule => ({ match: [], action: { status: 404 }, owner, origins: [] });
const table = (...owners: readonly Rule['owner'][]): RouteTable => ({
  view: { plane: 'mesh', clients: {} },
  domains: ['reviews'],
  port: 80,
  protocol: 'http',
  rules: owners.map(rule),
  otherwise: { status: 404 },
});

test("a session's rules are left out, and everybody else's stay", () => {
  expect(withoutSessions(table(session, route, 'foreign')).rules.map(({ owner }) => owner)).toEqual([route, 'foreign']);
  const without = table(route, 'foreign');
  expect(withoutSessions(without)).toBe(without);
});

test('both are told, each owner once', () => {
  const owners = ownersOf([table(session, 'foreign', route), table(route, session)]);
  expect(ownerNotes(owners)).toEqual([
    "The rules of heddle's sessions (shop/s1) are left out: what they send requests to runs in this cluster alone.",
    'Standing routes of heddle (shop/reviews-80) are carried over as plain rules: heddle does not manage them there.',
  ]);
  expect(ownerNotes([])).toEqual([]);
});
