import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Match } from '../model/match.js';
import { canonicalJson } from '../plan/content-hash.js';
import type { RouteAction } from './entry.js';
import { checkRouteName, defaultRouteName, isRouteName } from './route-name.js';

const to: RouteAction = { to: [{ version: 'v2', weight: 100 }] };
const mirror: RouteAction = { mirror: { version: 'v2', percent: 10 } };
const fault: RouteAction = { fault: { abort: { percent: 1, status: 503 } } };
const header = (name: string, exact: string): Match => ({ headers: [{ name, is: { exact } }] });

describe('the name of a route that nobody named', () => {
  it.each([
    [[], to, 'split'],
    [[], mirror, 'mirror'],
    [[], fault, 'fault'],
    [[header('end-user', 'jason')], to, 'end-user-jason'],
    [[header('end-user', 'jason')], mirror, 'mirror-end-user-jason'],
    [[header('end-user', 'jason')], fault, 'fault-end-user-jason'],
  ] as const)('%j %j', (match, action, name) => expect(defaultRouteName(match, action)).toBe(name));

  it.each([
    [header('end', 'user-jason'), /^end-user-jason-[0-9a-f]{6}$/],
    [header('end-user', 'Jason'), /^end-user-jason-[0-9a-f]{6}$/],
    [header('mirror-end-user', 'jason'), /^mirror-end-user-jason-[0-9a-f]{6}$/],
    [header('split', 'a'), /^split-a-[0-9a-f]{6}$/],
    [{ path: { kind: 'segmentPrefix', value: '/api/v1' } }, /^api-v1-[0-9a-f]{6}$/],
    [{ method: { exact: 'POST' } }, /^post-[0-9a-f]{6}$/],
    [{ query: [{ name: 'beta', is: { present: true } }] }, /^beta-[0-9a-f]{6}$/],
    [{ headers: [{ name: 'cookie', is: { regex: '^(.*?;)?(user=jason)(;.*)?$' } }] }, /^cookie-user-jason-[0-9a-f]{6}$/],
    [header('x', '%%%'), /^x-[0-9a-f]{6}$/],
    [header('x', 'a'.repeat(60)), /^x-a{31}-[0-9a-f]{6}$/],
  ] satisfies readonly (readonly [Match, RegExp])[])('%j has a few digits that tell it from others', (match, name) => {
    expect(defaultRouteName([match], to)).toMatch(name);
  });

  it('is the same however the conditions are ordered', () => {
    const [a, b] = [
      { name: 'a', is: { exact: '1' } },
      { name: 'b', is: { exact: '2' } },
    ];
    expect(defaultRouteName([{ headers: [a, b] }], to)).toBe(defaultRouteName([{ headers: [b, a] }], to));
  });

  const word = fc.stringMatching(/^[a-z0-9-]{1,12}$/);
  const match = fc.record(
    {
      path: fc.record({ kind: fc.constantFrom('exact', 'segmentPrefix', 'regex'), value: word.map((text) => `/${text}`) }),
      headers: fc.array(fc.record({ name: word, is: fc.oneof(fc.record({ exact: word }), fc.record({ prefix: word })) }), {
        minLength: 1,
        maxLength: 2,
      }),
    },
    { requiredKeys: [] },
  );

  it('is one that a route may have, and another for other requests or for something else', () => {
    const actions = fc.constantFrom(to, mirror, fault);
    fc.assert(
      fc.property(match, match, actions, actions, (a, b, one, other) => {
        const listOf = (each: Match) => (Object.keys(each).length === 0 ? [] : [each]);
        const [x, y] = [defaultRouteName(listOf(a), one), defaultRouteName(listOf(b), other)];
        expect(isRouteName(x)).toBe(true);
        const sorted = (each: Match) => canonicalJson([each.path, (each.headers ?? []).map(canonicalJson).sort()]);
        if (sorted(a) !== sorted(b) || one !== other) expect(x).not.toBe(y);
        else expect(x).toBe(y);
      }),
    );
  });
});

describe('checkRouteName', () => {
  it.each(['split', 'a', 'blue-green-2', 'a'.repeat(40)])('takes %s', (name) => expect(checkRouteName(name)).toBe(name));
  it.each(['', 'Split', 'a.b', 'a/b', '-a', 'a-', 'a'.repeat(41)])('refuses %j', (name) => {
    expect(() => checkRouteName(name)).toThrow(expect.objectContaining({ code: 'route-name-invalid', exit: 'usage' }));
  });
});
