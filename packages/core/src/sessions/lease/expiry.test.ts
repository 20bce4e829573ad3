import { describe, expect, it } from 'vitest';
import { cannotTell, person } from '../../../test/sessions/people.js';
import { isExpired, standingOf } from './expiry.js';
import { type LeaseView, newLease, readLease } from './lease-object.js';
import type { SessionRecord } from './record.js';

const renewed = Date.UTC(2026, 10, 24, 8);
const grace = 10_000;

function lease(change: { spec?: Record<string, unknown>; kind?: 'session' | 'route'; state?: SessionRecord['state'] } = {}): LeaseView {
  const record = {
    version: 1,
    kind: change.kind ?? 'session',
    id: 'm1',
    namespace: 'shop',
    service: 'tomcat',
    ports: [80],
    adapter: 'istio',
    views: 'all',
    match: {},
    state: change.state ?? 'active',
    startedBy: person('alice'),
    holder: person('alice'),
    createdAt: '',
    objects: [],
    rules: [],
  } satisfies SessionRecord;
  const object = newLease(record, renewed, 300_000);
  const view = readLease({ ...object, spec: { ...(object.spec as object), ...change.spec } });
  if (view === undefined) throw new Error('not a Lease of ours');
  return view;
}

describe('isExpired', () => {
  it('is renewTime + duration + grace, to the millisecond', () => {
    expect(isExpired(lease(), renewed + 310_000, grace)).toBe(false);
    expect(isExpired(lease(), renewed + 310_001, grace)).toBe(true);
  });

  it('never says so without a renewTime', () => {
    expect(isExpired(lease({ spec: { renewTime: null } }), renewed + 1e12, grace)).toBe(false);
  });
});

describe('standingOf', () => {
  const context = { serverTime: renewed + 20_000, graceMs: grace, identity: person('alice', 7), isGone: cannotTell };

  it('keeps what is renewed', () => {
    expect(standingOf(lease(), context)).toEqual({ is: 'live', why: 'renewed 20 s ago' });
  });

  it('calls a standing route alive for ever', () => {
    const route = lease({ kind: 'route' });
    expect(route.object.spec).not.toHaveProperty('renewTime');
    for (const isGone of [() => true, cannotTell]) {
      const later = { ...context, isGone, serverTime: renewed + 1e12 };
      expect(standingOf(route, later)).toEqual({ is: 'live', why: 'a standing route never expires' });
    }
  });

  it.each(['planned', 'routing', 'draining'] as const)('gives up a standing route that was left %s', (state) => {
    const route = lease({ kind: 'route', state });
    expect(standingOf(route, context)).toEqual({ is: 'live', why: 'alice@alice-laptop is changing it' });
    expect(standingOf(route, { ...context, isGone: () => true }).is).toBe('abandoned');
    expect(standingOf(route, { ...context, serverTime: renewed + 310_000 }).is).toBe('live');
    expect(standingOf(route, { ...context, serverTime: renewed + 310_001 }).is).toBe('expired');
  });

  it("gives up one's own crash at once", () => {
    expect(standingOf(lease(), { ...context, isGone: () => true })).toEqual({
      is: 'abandoned',
      why: 'its process 100 on this machine is gone',
    });
  });

  it.each([
    ['of another user here', person('bob', 7, 'alice-laptop')],
    ['of the same user elsewhere', person('alice', 7, 'office')],
  ])('waits for expiry of a crash %s', (_who, identity) => {
    expect(standingOf(lease(), { ...context, identity, isGone: () => true }).is).toBe('live');
    expect(standingOf(lease(), { ...context, identity, isGone: () => true, serverTime: renewed + 310_001 }).is).toBe('expired');
  });

  it.each([false, undefined])('is alive while its process is not known to be gone (%s)', (gone) => {
    expect(standingOf(lease(), { ...context, isGone: () => gone }).is).toBe('live');
  });
});
