import { describe, expect, test } from 'vitest';
import type { Match, PathMatch } from '../model/match.js';
import type { RouteTable, Rule } from '../model/table.js';
import { noCatchAll } from './no-catch-all.js';
import { unreachedRules } from './unreached-rules.js';

const ref = { apiVersion: 'example.io/v1', kind: 'Route', namespace: 'shop', name: 'web' };
const path = (kind: PathMatch['kind'], value: string, more: Match = {}): Match => ({ path: { kind, value }, ...more });
const header = (name: string, value: string): Match => ({ headers: [{ name, is: { exact: value } }] });

function rule(index: number, match: readonly Match[], more: Partial<Rule> = {}): Rule {
  return {
    match,
    action: { to: [] },
    owner: 'foreign',
    origins: [{ ref, pointer: `/spec/http/${index}`, index }],
    ...more,
  };
}

function table(rules: readonly Rule[], more: Partial<RouteTable> = {}): RouteTable {
  return {
    view: { plane: 'mesh', clients: {} },
    domains: ['10.96.0.1', 'web.shop.svc.cluster.local', 'web.shop'],
    port: 80,
    protocol: 'http',
    rules,
    otherwise: { status: 404 },
    ...more,
  };
}

const pointers = (tables: readonly RouteTable[]) => unreachedRules(tables).map(({ pointer }) => pointer);

describe('rules that nothing reaches', () => {
  const cases: readonly (readonly [string, readonly Match[], readonly Match[], boolean])[] = [
    ['behind everything', [], [path('exact', '/a')], true],
    ['behind a shorter prefix', [path('rawPrefix', '/v1')], [path('rawPrefix', '/v10/x')], true],
    ['behind a prefix of segments', [path('segmentPrefix', '/v1')], [path('segmentPrefix', '/v10')], false],
    ['behind a segment of its own', [path('segmentPrefix', '/v1/')], [path('exact', '/v1/x')], true],
    ['behind one in another case', [path('rawPrefix', '/A', {}), path('rawPrefix', '/b')], [path('exact', '/a')], false],
    ['behind one that ignores case', [{ path: { kind: 'rawPrefix', value: '/A', ignoreCase: true } }], [path('exact', '/ab')], true],
    ['behind a header that it asks for too', [header('x', '1')], [{ ...path('exact', '/a'), ...header('x', '1') }], true],
    ['behind another header', [header('x', '1')], [header('y', '1')], false],
    ['a regex behind its prefix', [path('rawPrefix', '/a')], [path('regex', '/a/[0-9]+')], true],
    ['behind a regex', [path('regex', '/a.*')], [path('exact', '/ab')], true],
    ['of two matches one lives', [path('exact', '/a')], [path('exact', '/a'), path('exact', '/b')], false],
  ];
  test.each(cases)('%s', (_, first, second, dead) => {
    expect(pointers([table([rule(0, first), rule(1, second)])])).toEqual(dead ? ['/spec/http/1'] : []);
  });

  test('each match may be taken by another rule, and all are named', () => {
    const [found] = unreachedRules([
      table([rule(0, [path('exact', '/a')]), rule(1, [path('exact', '/b')]), rule(2, [path('exact', '/a'), path('exact', '/b')])]),
    ]);
    expect(found?.message).toBe(
      'Route shop/web: rule 3 is never reached: rule 1 (path = /a) and rule 2 (path = /b) are tried before it and take all of its requests',
    );
  });

  test('a rule that lives in some table is reached', () => {
    const all = rule(0, []);
    const late = rule(1, [path('exact', '/a')]);
    expect(pointers([table([all, late])])).toEqual(['/spec/http/1']);
    expect(pointers([table([all, late]), table([late])])).toEqual([]);
    expect(pointers([table([late]), table([all, late])])).toEqual([]);
  });

  test("heddle's own rules count on neither side, and rules that depend on something unread take nothing for sure", () => {
    const owner = { kind: 'session', namespace: 'shop', id: 'abc' } as const;
    expect(pointers([table([rule(0, [], { owner }), rule(1, [])])])).toEqual([]);
    expect(pointers([table([rule(0, []), rule(1, [], { owner })])])).toEqual([]);
    expect(pointers([table([rule(0, [], { opaque: { 'request.auth.claims': ['@x'] } }), rule(1, [])])])).toEqual([]);
  });
});

describe('no catch-all', () => {
  test('callers in the mesh get 404, and the shortest name is said', () => {
    expect(noCatchAll([table([rule(0, [path('exact', '/a')])])]).map(({ message }) => message)).toEqual([
      'Route shop/web: requests for web.shop that none of its rules matches get 404 (pods in the mesh)',
    ]);
  });

  test('not where a rule takes everything, where the Service stays, or at a gateway', () => {
    const some = rule(0, [path('exact', '/a')]);
    expect(noCatchAll([table([some, rule(1, [path('segmentPrefix', '/')])])])).toEqual([]);
    expect(noCatchAll([table([some], { otherwise: { to: [] } })])).toEqual([]);
    expect(noCatchAll([table([some], { view: { plane: 'gateway', gateway: { namespace: 'a', selector: {} } } })])).toEqual([]);
    expect(noCatchAll([table([])])).toEqual([]);
  });
});
